"""The card ledger as the pages show it. Codes of states, kinds and breaks are those of the custody room."""

from pydantic import Field

from tallyward.console.views.custody_health import NodeView, WitnessRow
from tallyward.console.views.shared import Answer, Moment, Rows, Words


class NoteSigner(Answer):
    """Who signed the newest head: the log itself, a witness, or a validator. Checked by whoever has the keys."""

    name: str
    key: str = Field(description="id of its key, hex")
    log: bool = Field(description="it is the log's own")
    at: Moment | None = Field(description="when it cosigned, as it says; null where the signature has no time")


class LedgerHead(Answer):
    """The ledger and its newest signed head."""

    origin: str
    entries: int
    blocks: int
    size: int = Field(description="entries of the newest signed head")
    root: str = Field(description="of that head, hex")
    at: Moment = Field(description="time of the newest block")
    log_key: str = Field(description="with which heads, receipts and statements of credit are checked (C2SP note key)")
    signers: list[NoteSigner]
    witnesses: list[WitnessRow] = Field(description="those that the server asks to sign each new head")


class SlotRange(Answer):
    """Slots `first` to `last` of a lot."""

    lot: str
    first: int
    last: int


class MemberStock(Answer):
    """A member and the cards that it holds in stock."""

    id: str
    kind: str
    name: str
    gone: bool
    stock: int
    by_age: list[int] = Field(description="cards by the age of the stock; see `ages`")


class OfferRow(Answer):
    """An offer in flight."""

    hash: str
    seller: str
    buyer: str
    cards: int
    parts: list[SlotRange] = Field(description="some of them")
    since: Moment
    expires: Moment
    expired: bool


class RequestRow(Answer):
    """A request for activation that waits."""

    hash: str
    shop: str
    operator: str
    cards: int
    approved: bool = Field(description="it waits for its activation only")


class CustodyOverview(Answer):
    """How the ledger stands, for the lots that one may see. `ledger` null: none was begun here."""

    ledger: LedgerHead | None
    sees_all: bool = Field(description="the lots of every operator, and the receipt of every entry")
    lots: int
    cards: int
    ages: list[int] = Field(description="days at which the age of stock is cut")
    members: list[MemberStock] = Field(description="those with the oldest stock first")
    members_total: int
    offers: list[OfferRow] = Field(description="the oldest first")
    offers_total: int
    requests: list[RequestRow]
    requests_total: int
    node: NodeView | None = Field(description="this organisation's own; null: the ledger is embedded, nobody validates")


class StateCards(Answer):
    """How many cards of a lot are in a state."""

    state: str
    title: Words
    cards: int


class LotRow(Answer):
    """A lot of cards."""

    id: str
    operator: str
    cards: int
    product: str
    rules: str
    holders: int
    by_state: list[StateCards]
    since: Moment = Field(description="when it was registered")


class LotRows(Rows[LotRow]):
    """A page of lots, in the order of their registration."""


class HoldingRow(Answer):
    """Neighbouring slots of a lot with one holder, state and event."""

    first: int
    last: int
    holder: str
    state: str
    title: Words
    entry: int
    since: Moment


class HoldingRows(Rows[HoldingRow]):
    """A page of holdings, by slot."""


class StepSigner(Answer):
    """A member that signed a step."""

    member: str
    key: str
    hosted: bool = Field(description="the platform keeps this key for the member")
    ended: bool = Field(description="the key is no longer alive")


class ChainStep(Answer):
    """A stage of a card's way, and the entry that brought it about."""

    holder: str
    holder_name: str
    state: str
    title: Words
    kind: str = Field(description="of the entry")
    entry: int
    hash: str
    since: Moment
    dwell_seconds: int = Field(description="until the next step, or until now")
    signers: list[StepSigner]


class Chain(Answer):
    """A card's way from its registration to now."""

    number: str | None
    lot: str
    slot: int
    operator: str
    product: str
    hops: int = Field(description="how often it changed hands")
    steps: list[ChainStep] = Field(description="the oldest first")


class CardChain(Answer):
    """`begun`: there is a ledger here. `chain` null: the card is in no lot of it."""

    begun: bool
    chain: Chain | None


class BreakStage(Answer):
    """A stage of the way of a card whose chain broke."""

    holder: str
    state: str
    title: Words
    entry: int
    since: Moment
    dwell_seconds: int
    broken: bool = Field(description="here the chain broke")


class BreakCause(Answer):
    """What broke."""

    code: str
    title: Words


class BreakRow(Answer):
    """A broken chain."""

    kind: str = Field(description="what it is about: card, cards, number, person, stock")
    name: str = Field(description="lot, number, or a person's token")
    first: int
    last: int
    breaks: list[BreakCause]
    probability: int = Field(description="thousandths, of being in unregistered hands")
    last_holder: str
    path: list[BreakStage]
    entries: list[int] = Field(description="evidence on the ledger")
    told: list[Words] = Field(description="sentences")
    action: Words


class BreakRows(Rows[BreakRow]):
    """A page of broken chains, the likeliest first. `computed_at` null: usage was never held against the ledger."""

    computed_at: Moment | None
