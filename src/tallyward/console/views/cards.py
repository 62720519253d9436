"""Cards as the pages show them."""

from datetime import date

from pydantic import Field

from tallyward.console.views.incidents import IncidentRow
from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Words


class CardClassRef(Answer):
    """The product a card is."""

    id: int
    code: str
    title: Words


class AreaRef(Answer):
    """An area as rows name it."""

    code: str
    title: Words


class CardRow(Answer):
    """One card in a list."""

    id: int
    iccid: str
    imsi: str
    msisdn: str | None
    card_class: CardClassRef
    holder: EnterpriseRef
    operator: EnterpriseRef
    real_name: str = Field(description="none, requested, active, suspended")
    fixed: bool
    roaming: bool
    home_area: AreaRef | None
    cadence: str = Field(description="its own: live, periodic, daily")
    incidents_open: int


class CardRows(Rows[CardRow]):
    """A page of cards."""


class EffectiveLimit(Answer):
    """A limit in force; `origin` says whether card or class set it, or null where the rule's own applies."""

    name: str = Field(description="month_bytes, day_bytes, max_peers, max_cells, max_imeis")
    value: int | None
    origin: str | None = Field(description="card, class, or null: the rule's own")


class ListRef(Answer):
    """A group list; `first` are some of its entries."""

    code: str
    entries: int
    first: list[str]


class FunctionUse(Answer):
    """What the card may do with one service, and what it did on the day."""

    service: str = Field(description="data, sms, voice")
    mode: str = Field(description="none, directed, open")
    list: ListRef | None
    used_today: int = Field(description="records of this service on the day")


class BoundTerminal(Answer):
    """A terminal as the card's binding names it."""

    id: int
    serial: str
    imei: str | None
    vendor: str
    model: str


class CardBinding(Answer):
    """The card rode in this terminal."""

    terminal: BoundTerminal
    since: Moment
    until: Moment | None
    reason: str


class CardUsage(Answer):
    """What the card did on one day. `complete` is false where it has more records than one answer counts."""

    day: date
    records: int
    bytes: int
    peers: int
    cells: int
    imeis: int
    by_hour: list[int] = Field(min_length=24, max_length=24)
    complete: bool


class CardDetail(CardRow):
    """Everything about one card."""

    effective_cadence: str = Field(description="live, periodic, daily: the faster of its own and its terminal's")
    limits: list[EffectiveLimit]
    functions: list[FunctionUse]
    bindings: list[CardBinding]
    incidents: list[IncidentRow] = Field(description="newest first, at most 50")
    usage: CardUsage | None


class CardRecordRow(Answer):
    """One usage record in people's terms."""

    at: Moment
    service: str
    duration_s: int
    bytes_up: int
    bytes_down: int
    peer: str
    imei: str | None
    cell: str | None = Field(description="mcc-mnc-lac-ci")
    area: AreaRef | None
    quality: list[str]


class CardRecordRows(Rows[CardRecordRow]):
    """A page of usage records; reading it is written to the audit log."""


class CardClassRows(Rows[CardClassRef]):
    """All card classes."""
