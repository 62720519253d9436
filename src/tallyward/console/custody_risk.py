"""A broken chain of custody as it is kept and shown: plain values, both languages. Pure."""

from dataclasses import dataclass

from tallyward.custody.break_finding import Finding
from tallyward.kernel.catalogue import Language


@dataclass(frozen=True, slots=True)
class RiskLink:
    """A stage of a card's way; see `custody.card_path.Link`. `state`: its name. `broken`: here the chain broke."""

    holder: str
    state: str
    entry: int
    since: int
    dwell: int
    broken: bool


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A finding; see `custody.break_finding.Finding`. `kind`, `name`, `start`, `end`: its subject.

    `operator`: whose lot or number it is, by code; "" where nobody's, and then only who sees all operators is told.
    `probability`: thousandths, of being in unregistered hands. `told`: sentences by language.
    """

    kind: str
    name: str
    start: int
    end: int
    operator: str
    breaks: tuple[str, ...]
    probability: int
    last_holder: str
    path: tuple[RiskLink, ...]
    entries: tuple[int, ...]
    told: dict[Language, tuple[str, ...]]
    action: str

    @classmethod
    def of(cls, finding: Finding, operator: str) -> "RiskRow":
        """From a finding of custody."""
        links = (
            RiskLink(one.holder, one.state.name, one.entry, one.since, one.dwell, place in finding.broken)
            for place, one in enumerate(finding.path)
        )
        subject = finding.subject
        return cls(
            subject.kind,
            subject.name,
            subject.start,
            subject.end,
            operator,
            tuple(one.value for one in finding.breaks),
            finding.probability,
            finding.last_holder,
            tuple(links),
            finding.entries,
            {"en": tuple(finding.explain("en")), "zh-CN": tuple(finding.explain("zh-CN"))},
            finding.action.value,
        )
