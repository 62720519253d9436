"""Regions of the simulation: China's 34 at the top level, and networks abroad. Data only.

Codes are ISO 3166-2 style with the numbers of GB/T 2260; centres are rough, in hundredths of a degree. The fraud-prone
areas are invented and lie where nobody lives: a simulation accuses no place.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """One area. `weight` is its share of the fleet's homes; `plmn` is (MCC, MNC digits) of a network abroad."""

    code: str
    title_en: str
    title_zh: str
    latitude: int  # hundredths of a degree
    longitude: int
    weight: int = 0
    fraud_prone: bool = False
    plmn: tuple[int, str] | None = None


PLACES: Final = (
    Place("CN-11", "Beijing", "北京", 3990, 11641, 24),
    Place("CN-12", "Tianjin", "天津", 3913, 11720, 14),
    Place("CN-13", "Hebei", "河北", 3804, 11450, 70),
    Place("CN-14", "Shanxi", "山西", 3787, 11255, 36),
    Place("CN-15", "Inner Mongolia", "内蒙古", 4082, 11165, 24),
    Place("CN-21", "Liaoning", "辽宁", 4180, 12343, 42),
    Place("CN-22", "Jilin", "吉林", 4388, 12532, 24),
    Place("CN-23", "Heilongjiang", "黑龙江", 4575, 12664, 30),
    Place("CN-31", "Shanghai", "上海", 3123, 12147, 36),
    Place("CN-32", "Jiangsu", "江苏", 3206, 11879, 96),
    Place("CN-33", "Zhejiang", "浙江", 3027, 12015, 90),
    Place("CN-34", "Anhui", "安徽", 3186, 11728, 58),
    Place("CN-35", "Fujian", "福建", 2608, 11930, 44),
    Place("CN-36", "Jiangxi", "江西", 2868, 11586, 42),
    Place("CN-37", "Shandong", "山东", 3668, 11712, 96),
    Place("CN-41", "Henan", "河南", 3475, 11362, 90),
    Place("CN-42", "Hubei", "湖北", 3059, 11430, 56),
    Place("CN-43", "Hunan", "湖南", 2822, 11294, 60),
    Place("CN-44", "Guangdong", "广东", 2313, 11326, 130),
    Place("CN-45", "Guangxi", "广西", 2282, 10832, 46),
    Place("CN-46", "Hainan", "海南", 1980, 10990, 10),
    Place("CN-50", "Chongqing", "重庆", 2956, 10655, 34),
    Place("CN-51", "Sichuan", "四川", 3065, 10407, 78),
    Place("CN-52", "Guizhou", "贵州", 2665, 10663, 34),
    Place("CN-53", "Yunnan", "云南", 2504, 10271, 44),
    Place("CN-54", "Tibet", "西藏", 2965, 9114, 4),
    Place("CN-61", "Shaanxi", "陕西", 3427, 10895, 40),
    Place("CN-62", "Gansu", "甘肃", 3606, 10383, 24),
    Place("CN-63", "Qinghai", "青海", 3662, 10178, 6),
    Place("CN-64", "Ningxia", "宁夏", 3849, 10623, 8),
    Place("CN-65", "Xinjiang", "新疆", 4383, 8762, 26),
    Place("CN-71", "Taiwan", "台湾", 2416, 12065, 6),
    Place("CN-81", "Hong Kong", "香港", 2232, 11417, 6),
    Place("CN-82", "Macao", "澳门", 2220, 11354, 2),
    Place("WATCH-D", "Watch zone D", "境内重点关注区丁", 3700, 9100, 0, True),
    Place("WATCH-A", "Border zone A", "境外重点关注区甲", 1200, 14000, 0, True, (999, "01")),
    Place("WATCH-B", "Border zone B", "境外重点关注区乙", 900, 14400, 0, True, (999, "02")),
    Place("JP", "Japan, network 440-10", "日本网络 440-10", 3568, 13969, 0, False, (440, "10")),
    Place("KR", "Korea, network 450-05", "韩国网络 450-05", 3757, 12698, 0, False, (450, "05")),
    Place("SG", "Singapore, network 525-01", "新加坡网络 525-01", 135, 10382, 0, False, (525, "01")),
    Place("DE", "Germany, network 262-01", "德国网络 262-01", 5011, 868, 0, False, (262, "01")),
)

DOMESTIC: Final = 34
"""The first 34 are the regions of China."""

NUMBERS: Final = {place.code: number for number, place in enumerate(PLACES)}
WATCH_HOME: Final = NUMBERS["WATCH-D"]
WATCH_ABROAD: Final = (NUMBERS["WATCH-A"], NUMBERS["WATCH-B"])
HARMLESS_ABROAD: Final = tuple(NUMBERS[code] for code in ("JP", "KR", "SG", "DE"))
