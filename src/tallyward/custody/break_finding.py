"""A broken chain, with everything that says so, and its explanation in both languages. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tallyward.custody.break_kinds import Action, Break, action_for, contributions
from tallyward.custody.card_path import Link
from tallyward.custody.fixed_point import ONE, per_mille
from tallyward.kernel.catalogue import Language, words

_DAY: Final = 86_400
_TIMES: Final = frozenset({"first_seen", "last_seen", "expires", "last_report"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: slots `start` to before `end` of a lot; or a number, a member, a person's token."""

    kind: str
    name: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken chain. `broken`: places among the links of `path`; `last_holder`: who has it by the ledger, or "".

    `contributions`: what `probability` (thousandths, of being in unregistered hands) is made of, in thousandths of a
    nat. `entries`: numbers of the entries that are evidence; `facts`: what records say, by name.
    """

    subject: Subject
    breaks: tuple[Break, ...]
    path: tuple[Link, ...]
    broken: tuple[int, ...]
    last_holder: str
    contributions: tuple[tuple[str, int], ...]
    probability: int
    entries: tuple[int, ...]
    facts: tuple[tuple[str, int], ...]
    action: Action

    def explain(self, language: Language) -> list[str]:
        """Sentences: who and how likely, each stage with its dwell time, each break, evidence, what to do."""
        subject = self.subject
        told = [
            words(
                language,
                f"custody.finding.{subject.kind}",
                name=subject.name,
                start=subject.start,
                last=subject.end - 1,
                holder=self.last_holder,
                chance=_percent(self.probability),
            )
        ]
        told += [self._stage(language, place, link) for place, link in enumerate(self.path)]
        named = dict(self.contributions)
        for one in self.breaks:
            nats = f"{named[one] / 1000:+.1f}"
            told.append(f"{words(language, f'custody.break.{one.value}')} ({nats})")
        shown = [f"{words(language, f'custody.fact.{name}')} {_shown(name, value)}" for name, value in self.facts]
        if self.entries:
            shown.append(words(language, "custody.finding.entries", entries=", ".join(map(str, self.entries))))
        if shown:
            told.append(words(language, "custody.finding.evidence", facts="; ".join(shown)))
        told.append(words(language, f"custody.action.{self.action.value}"))
        return told

    def _stage(self, language: Language, place: int, link: Link) -> str:
        key = "broken_stage" if place in self.broken else "stage"
        state = words(language, f"custody.state.{link.state.name}")
        days = f"{link.dwell / _DAY:.1f}"
        blanks = {"holder": link.holder, "state": state, "since": _time(link.since), "days": days}
        return words(language, f"custody.finding.{key}", **blanks, entry=link.entry)


def found(
    subject: Subject,
    breaks: tuple[Break, ...],
    path: tuple[Link, ...] = (),
    broken: tuple[int, ...] = (),
    *,
    holder: str = "",
    records: int | None = None,
    entries: tuple[int, ...] = (),
    facts: tuple[tuple[str, int], ...] = (),
) -> Finding:
    """A finding: its probability and recommended action follow from its breaks."""
    parts = contributions(breaks, records)
    chance = per_mille(sum(weight for _, weight in parts) * ONE // 1000)
    cited = tuple(sorted({path[place].entry for place in broken} | set(entries)))
    last = path[-1].holder if path else holder
    return Finding(subject, breaks, path, broken, last, parts, chance, cited, facts, action_for(breaks))


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}"


def _shown(name: str, value: int) -> str:
    return _time(value) if name in _TIMES else str(value)


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
