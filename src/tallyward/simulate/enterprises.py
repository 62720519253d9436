"""Enterprises of the simulation: an operator, its chain of sale, forty users of eight products, makers. Invented."""

from dataclasses import dataclass
from typing import Final

from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.products import PRODUCTS


@dataclass(frozen=True, slots=True)
class Firm:
    """One enterprise; `product` is the number of the product whose cards an industry user holds."""

    code: str
    name: str
    kind: EnterpriseKind
    product: int | None = None


_USERS: Final = {
    "nb-meter": (
        ("Qinghe Water", "清禾水务"),
        ("Lanxi Gas", "岚溪燃气"),
        ("Dongyuan Heat", "东垣热力"),
        ("Beichen Metering", "北辰计量"),
        ("Songling Power Supply", "松岭供电"),
    ),
    "directed-data": (
        ("Xiaolu Bikes", "小鹿单车"),
        ("Qingfeng Scooters", "轻风电滑板车"),
        ("Yunfan Parcels", "云帆快递"),
        ("Muma Livestock Tags", "牧码畜牧"),
        ("Hengtu Trackers", "恒途定位"),
    ),
    "pos": (
        ("Ruitong Payments", "瑞通支付"),
        ("Jinyu Merchant Services", "金榆商服"),
        ("Haoyi Vending", "好一自助"),
        ("Chenxi Bank", "晨曦银行"),
        ("Lianhui Retail", "联汇零售"),
    ),
    "vehicle": (
        ("Yuanchi Motors", "远驰汽车"),
        ("Tengyue New Energy", "腾跃新能源车"),
        ("Shunan Coaches", "顺安客运"),
        ("Kuaida Cold Chain", "快达冷链"),
        ("Pingtai Ride Hailing", "平泰出行"),
    ),
    "camera": (
        ("Mingmu Video", "明目视讯"),
        ("Anju Communities", "安居物业"),
        ("Tiejian Site Safety", "铁坚工地安全"),
        ("Linhai Forest Watch", "林海护林"),
        ("Zhilu Traffic", "智路交通"),
    ),
    "charger": (
        ("Dianxing Charging", "电行充电"),
        ("Lvneng Piles", "绿能充电桩"),
        ("Jisu Supercharge", "极速超充"),
        ("Huanxin Battery Swap", "换芯换电"),
        ("Chengguang Parking", "澄光停车"),
    ),
    "voice-alarm": (
        ("Tongji Lifts", "同济电梯"),
        ("Xiangan Care", "祥安养老"),
        ("Hongdun Fire Alarm", "红盾消防"),
        ("Weian Intrusion Alarm", "卫安防盗"),
        ("Jiankang Emergency Call", "健康急呼"),
    ),
    "gateway": (
        ("Zhongji Machine Tools", "中机机床"),
        ("Hesheng Chemicals", "禾盛化工"),
        ("Fengyuan Wind Power", "丰原风电"),
        ("Liugang Steel Works", "柳港钢铁"),
        ("Xinyi Robotics", "新屹机器人"),
    ),
}

_CHAIN: Final = (
    Firm("op-huaxun", "华讯物联通信 Huaxun IoT Telecom", EnterpriseKind.OPERATOR),
    Firm("rs-jiahe", "嘉禾通信代理 Jiahe Distribution", EnterpriseKind.RESELLER),
    Firm("rs-yifeng", "易丰物联 Yifeng IoT Resale", EnterpriseKind.RESELLER),
    Firm("rs-bolian", "博联卡业 Bolian Cards", EnterpriseKind.RESELLER),
    Firm("ps-chengnan", "城南营业点 Chengnan Shop", EnterpriseKind.POINT_OF_SALE),
    Firm("ps-hubin", "湖滨营业点 Hubin Shop", EnterpriseKind.POINT_OF_SALE),
    Firm("ps-xiangyang", "向阳营业点 Xiangyang Shop", EnterpriseKind.POINT_OF_SALE),
    Firm("ps-gangkou", "港口营业点 Gangkou Shop", EnterpriseKind.POINT_OF_SALE),
)

MAKERS: Final = (
    ("vd-lingxi", "Lingxi", "灵犀终端"),
    ("vd-yunque", "Yunque", "云雀通信"),
    ("vd-shanhe", "Shanhe", "山禾仪表"),
    ("vd-tianji", "Tianji", "天玑模组"),
    ("vd-baihui", "Baihui", "百汇电子"),
)

_OTHERS: Final = (
    *(Firm(code, f"{zh} {en}", EnterpriseKind.VENDOR) for code, en, zh in MAKERS),
    Firm("pv-zhiyun", "智云应用 Zhiyun Applications", EnterpriseKind.PROVIDER),
    Firm("rg-guankong", "物联网管控中心 IoT Control Centre", EnterpriseKind.REGULATOR),
)

FIRMS: Final = (
    *_CHAIN,
    *(
        Firm(f"iu-{en.split()[0].lower()}", f"{zh} {en}", EnterpriseKind.INDUSTRY_USER, number)
        for number, product in enumerate(PRODUCTS)
        for en, zh in _USERS[product.code]
    ),
    *_OTHERS,
)

OPERATOR: Final = 0
SELLERS: Final = tuple(range(1, len(_CHAIN)))
"""Resellers and points of sale: they hold the cards that are not yet in use."""
USERS_PER_PRODUCT: Final = 5
FIRST_USER: Final = len(_CHAIN)
"""Industry users stand in the order of the products: user = FIRST_USER + product * USERS_PER_PRODUCT + 0..4."""
