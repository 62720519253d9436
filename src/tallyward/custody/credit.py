"""The credit of an organisation: whole numbers from 0 to 1,000, and for each lost point the entries that took it. Pure.

White paper 4(1), credit assessment (信用评估). For each factor the share of bad units is a Beta posterior under the
population's rate; the score moves by what lies between the logits of the two. No float takes part, so anybody with the
entries computes the same number (docs/custody-credit.md).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Final, NamedTuple

from tallyward.custody.credit_factors import FactorBook
from tallyward.custody.credit_history import DAY, UNIT, Deed, History, weighed
from tallyward.custody.credit_present import Present
from tallyward.custody.credit_terms import MILLION, TERMS, Factor, Terms, Weighing
from tallyward.custody.fixed_point import FULL, lean, logit, spread, weight
from tallyward.custody.logit_table import LOG_BITS
from tallyward.kernel.catalogue import Language, words
from tallyward.kernel.errors import NotFoundError

HIGHEST: Final = 1000
NEWCOMER: Final = "newcomer"
_QUANTILE: Final = 1685
"""1.645 in 1024ths: between its 5 and 95 of 100 lies what is told as the interval."""
_TENTH: Final = 10
_POPULATION_CARDS: Final = 10_000
"""Cards that the terms' rates are worth when a population is measured."""


class Lost(NamedTuple):
    """Points lost through one entry."""

    entry: int
    points: int


class Reason(NamedTuple):
    """What a factor, or being new, did to a score. `points`: below zero if lost; `entries`: of all lost ones."""

    code: str
    points: int
    entries: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """A score at a height (`size` entries, `time` of the last block). `low`, `high`: where the truth may lie (90 %).

    `reasons`: the gravest first; they and `base` of the terms add up to the score where no bound or cap holds it.
    `capped`: the entry that proves a forgery or double sale.
    """

    organisation: str
    size: int
    time: int
    score: int
    low: int
    high: int
    grade: str
    quota: int
    reasons: tuple[Reason, ...]
    capped: int | None

    def explain(self, language: Language) -> list[str]:
        """Sentences: the score, then what moved it, with entries."""
        told = [
            words(
                language,
                "custody.credit.answer",
                organisation=self.organisation,
                score=self.score,
                low=self.low,
                high=self.high,
                grade=self.grade,
                quota=self.quota,
                size=self.size,
            )
        ]
        if self.capped is not None:
            told.append(words(language, "custody.credit.capped", score=self.score, entry=self.capped))
        for one in self.reasons:
            cited = ", ".join(f"{entry} ({-points})" for entry, points in one.entries)
            shown = f" {words(language, 'custody.credit.entries', entries=cited)}" if cited else ""
            told.append(words(language, f"custody.credit.{one.code}", points=f"{one.points:+d}") + shown)
        return told


class _Weighed(NamedTuple):
    """A factor of an organisation: its points, and in tenths of points where they lie and how far off they may be."""

    points: int
    centre: int
    down: int
    up: int
    deeds: list[Deed]


def credit(
    book: FactorBook,
    organisation: str,
    *,
    present: Present | None = None,
    terms: Terms = TERMS,
    links: Mapping[str, str] | None = None,
) -> Credit:
    """The credit of an organisation at the book's height; refuses a stranger with `custody.member_unknown`.

    `present`: of this book, to be computed once for many. `links`: the legal person behind a member, where several
    members have one: they share their history and so their score.
    """
    if organisation not in book.histories:
        raise NotFoundError("custody.member_unknown", member=organisation)
    present = present or Present(book)
    names = _linked(book, organisation, links or {})
    histories = [book.histories[one] for one in names]
    day = book.now // DAY
    found = {each.factor: _weigh(each, names, histories, present, day) for each in terms.weighings}
    new = _newcomer(terms, histories, day)
    total = terms.base + new.points + sum(one.points for one in found.values())
    down, up = _interval(total, found.values())
    proven = [deed for one in histories for deed in one.proven if day - deed.day < terms.cap_days]
    most = terms.cap if proven else HIGHEST
    score, low, high = (min(max(one, 0), most) for one in (total, down, up))
    grade, quota = terms.grade(score)
    senior = 4 * -new.points <= terms.newcomer
    reasons = [Reason(factor, one.points, _cited(one, day)) for factor, one in found.items() if one.points]
    reasons += [new] if new.points else []
    return Credit(
        organisation,
        book.size,
        book.now,
        score,
        low,
        high,
        grade,
        quota if senior else min(quota, terms.newcomer_quota),
        tuple(sorted(reasons, key=lambda one: (one.points, one.code))),
        min((deed.entry for deed in proven), default=None),
    )


def credit_of_all(book: FactorBook, terms: Terms = TERMS, links: Mapping[str, str] | None = None) -> dict[str, Credit]:
    """The credit of all organisations."""
    present = Present(book)
    return {one: credit(book, one, present=present, terms=terms, links=links) for one in sorted(book.histories)}


def measured(book: FactorBook, terms: Terms = TERMS) -> Terms:
    """Terms with the rates and the spread of this population, shrunk towards the terms that are given."""
    present, day = Present(book), book.now // DAY
    names = sorted(book.histories)
    histories = [book.histories[one] for one in names]
    weighings = []
    for one in terms.weighings:
        exposed, bad = _units(one.factor, names, histories, present, day)
        known = _POPULATION_CARDS * UNIT * FULL
        rate = (min(bad, exposed) * MILLION + known * one.prior) // (exposed + known)
        weighings.append(replace(one, prior=min(max(rate, 1), MILLION - 1)))
    found = replace(terms, weighings=tuple(weighings))
    scores = [one.score for one in credit_of_all(book, found).values()]
    mean = sum(scores) // len(scores)
    variance = sum((one - mean) ** 2 for one in scores) // len(scores)
    return replace(found, newcomer=max(isqrt(variance), terms.newcomer // 2))


def _linked(book: FactorBook, organisation: str, links: Mapping[str, str]) -> list[str]:
    """All members of the legal person behind one."""
    person = links.get(organisation)
    others = [one for one in sorted(book.histories) if person is not None and links.get(one) == person]
    return others or [organisation]


def _weigh(one: Weighing, names: Sequence[str], histories: Sequence[History], present: Present, day: int) -> _Weighed:
    exposed, bad = _units(one.factor, names, histories, present, day)
    card = UNIT * FULL
    wrong = bad + one.strength * card * one.prior // MILLION
    right = max(exposed - bad, 0) + one.strength * card * (MILLION - one.prior) // MILLION
    nats = logit(one.prior, MILLION - one.prior) - logit(wrong, right)
    lies = nats + lean(wrong, card) - lean(right, card)
    off = isqrt((spread(wrong, card) + spread(right, card)) << LOG_BITS) * _QUANTILE >> 10
    low, centre, high = (
        min(_rounded(_TENTH * one.points * each), _TENTH * one.gain) for each in (lies - off, lies, lies + off)
    )
    points = min(_rounded(one.points * nats), one.gain)
    return _Weighed(points, centre, centre - low, high - centre, _deeds(one.factor, names, histories, present))


def _interval(total: int, factors: Collection[_Weighed]) -> tuple[int, int]:
    """(low, high): what independent posteriors of all factors add up to, and the score lies within."""
    centre = _TENTH * total + sum(one.centre - _TENTH * one.points for one in factors)
    low = centre - isqrt(sum(one.down**2 for one in factors))
    high = centre + isqrt(sum(one.up**2 for one in factors))
    return min(low // _TENTH, total), max(high // _TENTH, total)


def _rounded(points: int) -> int:
    """To the nearest point; never the other way round for two that differ."""
    return points + (1 << LOG_BITS - 1) >> LOG_BITS


def _units(
    factor: Factor, names: Sequence[str], histories: Sequence[History], present: Present, day: int
) -> tuple[int, int]:
    """(exposed, bad) units of a factor as they count on a day, times 2**30."""
    exposed = weighed((one.exposed[factor] for one in histories), day)
    if factor is Factor.OVER_AGE:
        exposed += FULL * sum(present.stock.get(one, 0) for one in names)
    bad = sum(deed.units * weight(day - deed.day) for deed in _deeds(factor, names, histories, present))
    return exposed, bad


def _deeds(factor: Factor, names: Sequence[str], histories: Sequence[History], present: Present) -> list[Deed]:
    past = [deed for one in histories for deed in one.bad[factor].values()]
    return past + [deed for one in names for about, deed in present.bad.get(one, ()) if about is factor]


def _newcomer(terms: Terms, histories: Sequence[History], day: int) -> Reason:
    """What an organisation loses by being new: less with age and with cards that passed without a break."""
    entry, joined = min(one.joined for one in histories)
    handled = sum(sum(one.exposed[Factor.UNREGISTERED].values()) for one in histories)
    handled -= sum(deed.units for one in histories for deed in one.bad[Factor.UNREGISTERED].values())
    days = min(max(day - joined, 0), terms.senior_days)
    cards = min(max(handled // UNIT, 0), terms.senior_cards)
    grown = min(days * terms.senior_cards, cards * terms.senior_days)
    missing = terms.newcomer - terms.newcomer * grown // (terms.senior_days * terms.senior_cards)
    return Reason(NEWCOMER, -missing, (Lost(entry, missing),) if missing else ())


def _cited(one: _Weighed, day: int) -> tuple[Lost, ...]:
    """All lost points, each with its entry: divided by what each entry's deeds weigh, to the last one."""
    if one.points >= 0:
        return ()
    weights: dict[int, int] = {}
    for deed in one.deeds:
        weights[deed.entry] = weights.get(deed.entry, 0) + deed.units * weight(day - deed.day)
    total, lost = sum(weights.values()), -one.points
    shares = {entry: divmod(lost * each, total) for entry, each in weights.items()}
    left = lost - sum(points for points, _ in shares.values())
    largest = sorted(shares, key=lambda entry: (-shares[entry][1], entry))[:left]
    found = [Lost(entry, points + (entry in set(largest))) for entry, (points, _) in shares.items()]
    return tuple(sorted((each for each in found if each.points), key=lambda each: (-each.points, each.entry)))
