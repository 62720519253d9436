"""What a rule found: which limit, what was observed, who set the limit, and the records that show it. Pure values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import CardId, RuleId


class SubjectKind(StrEnum):
    """What a finding is about."""

    CARD = "card"
    IMSI = "imsi"  # an unknown card, by the number it was seen with
    MSISDN = "msisdn"
    ICCID = "iccid"
    IMEI = "imei"
    CELL = "cell"
    LOT = "lot"  # cards of the ledger: LOT:FIRST-LAST, or a member's stock: MEMBER LOT, or MEMBER
    RULE = "rule"  # a rule that could not see (R0.blind)


@dataclass(frozen=True, slots=True)
class Subject:
    """`number` is the card's id for CARD, else the digits or name as text."""

    kind: SubjectKind
    number: str


class LimitOrigin(StrEnum):
    """Who set the limit that was passed."""

    CARD = "card"
    CLASS = "class"
    BASELINE = "baseline"  # what is usual of its class
    RULE = "rule"
    LIST = "list"
    AREA = "area"
    BINDING = "binding"
    REGISTRY = "registry"
    LEDGER = "ledger"


class Measure(NamedTuple):
    """One compared quantity: `name` as in the rule, such as `count_distinct(peer)`; texts are for people."""

    name: str
    observed: str
    limit: str
    origin: LimitOrigin


class EvidenceRecord(NamedTuple):
    """A usage record that shows the fault, kept with the finding since raw records expire first."""

    segment: int
    row: int
    ts: int
    svc: int
    imei: int
    peer: str  # as people write it: 203.0.113.9, 8613800000000, an APN
    up: int
    dn: int
    dur: int
    cell: int
    area: int


class Explanation(NamedTuple):
    """Why it was found and what would make it normal, in one language."""

    why: str
    normal: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit. (subject, rule, rule_version, day) is its key: finding it again makes nothing new."""

    rule: RuleId
    rule_version: str
    severity: str  # low | medium | high
    day: date
    subject: Subject
    card: CardId  # 0 where the subject is no known card
    records: int  # records that show it
    first_ts: int
    last_ts: int
    measures: tuple[Measure, ...]
    evidence: tuple[EvidenceRecord, ...]
    explanation: dict[Language, Explanation]
    source_intake: int  # an intake (`src`) that brought evidence; tells the operator of an unknown card
