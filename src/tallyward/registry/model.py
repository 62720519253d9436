"""The rows of the registry as values, in the white paper's terms. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from tallyward.kernel.identities import Iccid, Imei, Imsi, Msisdn
from tallyward.kernel.ids import AreaId, CardId, CellId, EnterpriseId, GroupListId, TerminalId
from tallyward.registry.cadence import Cadence


class EnterpriseKind(StrEnum):
    """What an enterprise is in the chain of cards and terminals (white paper, figure 6)."""

    OPERATOR = "operator"  # 电信企业
    RESELLER = "reseller"  # 中间流转企业
    POINT_OF_SALE = "point_of_sale"  # 销售点
    INDUSTRY_USER = "industry_user"  # 行业用户
    VENDOR = "vendor"  # 设备厂家
    PROVIDER = "provider"  # 应用服务提供商
    REGULATOR = "regulator"  # 管控中心


class Usage(StrEnum):
    """White paper's classes of terminals: 消费性, 公共性, 生产性."""

    CONSUMER = "consumer"
    PUBLIC = "public"
    PRODUCTION = "production"


class Access(StrEnum):
    """How a terminal reaches the network."""

    NB_IOT = "nb-iot"
    EMTC = "emtc"
    LTE = "4g"
    NR = "5g"
    WIFI = "wifi"
    BLE = "ble"
    LORA = "lora"
    SIGFOX = "sigfox"
    ZIGBEE = "zigbee"
    WIRED = "wired"


class FunctionMode(IntEnum):
    """What a card may do with one service: nothing, reach the peers of one group list, or anything."""

    NONE = 0
    DIRECTED = 1
    OPEN = 2


class RealName(StrEnum):
    """State of the real-name registration of a card's user (实名登记)."""

    NONE = "none"
    REQUESTED = "requested"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class PeerKind(StrEnum):
    """What kind of peer an entry of a group list names."""

    IPV4 = "ipv4"  # address or CIDR prefix
    IPV6 = "ipv6"  # one address
    NUMBER = "number"  # E.164 or short code, digits
    APN = "apn"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A legal person on the chain. `code` is unique and stands in import files; `area`: where it is at home."""

    id: EnterpriseId
    code: str
    name: str
    kind: EnterpriseKind
    area: AreaId | None = None


@dataclass(frozen=True, slots=True)
class FunctionLimit:
    """Mode of one service; `list` is set exactly when the mode is DIRECTED."""

    mode: FunctionMode
    list: GroupListId | None = None


@dataclass(frozen=True, slots=True)
class UsageLimits:
    """Counted limits; None leaves it to the next in line: card, then class, then rule. Bytes are up plus down."""

    month_bytes: int | None = None
    day_bytes: int | None = None
    max_peers: int | None = None  # distinct peers a day
    max_cells: int | None = None  # distinct cells a day, for cards of a fixed place
    max_imeis: int | None = None  # distinct terminals a day


@dataclass(frozen=True, slots=True)
class CardClass:
    """A product an operator sells; gives limits to cards that have none of their own."""

    id: int
    code: str
    title_en: str
    title_zh: str
    limits: UsageLimits


@dataclass(frozen=True, slots=True)
class Card:
    """One IoT card (物联网卡). `enterprise` holds it now; `operator` issued it."""

    id: CardId
    iccid: Iccid
    imsi: Imsi
    msisdn: Msisdn | None
    operator: EnterpriseId
    enterprise: EnterpriseId
    card_class: int
    voice: FunctionLimit
    sms: FunctionLimit
    data: FunctionLimit
    roaming: bool
    fixed: bool
    home_area: AreaId | None
    home_cell: CellId | None
    real_name: RealName
    limits: UsageLimits
    cadence: Cadence = Cadence.LIVE  # its own; see `cadence.effective`


@dataclass(frozen=True, slots=True)
class Terminal:
    """One IoT terminal (物联网终端). `home` is (latitude, longitude) in degrees, WGS 84, of a fixed terminal."""

    id: TerminalId
    serial: str
    enterprise: EnterpriseId
    usage: Usage
    access: Access
    vendor: str
    model: str
    firmware: str
    imei: Imei | None
    fixed: bool
    home: tuple[float, float] | None
    gateway: TerminalId | None
    cadence: Cadence = Cadence.LIVE


@dataclass(frozen=True, slots=True)
class Binding:
    """A card rode in a terminal from `since` until `until` (None: it still does)."""

    card: CardId
    terminal: TerminalId
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class GroupList:
    """Peers that directed cards may reach (定向名单). Entries are texts such as 10.1.0.0/16, 8613800000000, iot.apn."""

    id: GroupListId
    enterprise: EnterpriseId
    code: str
    entries: tuple[tuple[PeerKind, str], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A region. `plmns` are the networks (MCC+MNC digits) that place a record there when it names no known cell."""

    id: AreaId
    code: str
    title_en: str
    title_zh: str
    fraud_prone: bool
    plmns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A radio cell. `cgi` is mcc-mnc-lac-ci in decimal (3GPP TS 23.003 clause 4.3.1), degrees in WGS 84."""

    id: CellId
    cgi: str
    area: AreaId
    latitude: float
    longitude: float
