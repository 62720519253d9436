"""Planted rings rank worst, honest members are not punished, and everybody computes the same numbers."""

import copy
import math
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyward.custody.credit import Credit, _newcomer, _units, credit, credit_of_all, measured
from tallyward.custody.credit_factors import FactorBook, collected
from tallyward.custody.credit_history import DAY, UNIT, Deed
from tallyward.custody.credit_present import Present
from tallyward.custody.credit_terms import TERMS, Factor, Terms
from tallyward.custody.fixed_point import FULL
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.errors import NotFoundError
from tests.custody.fraud_rings import HONEST, HONEST_NEWCOMER, LINKS, PLANTED, WHITEWASHED, Year, year
from tests.custody.market import Market

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lived() -> Year:
    return year()


@pytest.fixture(scope="module")
def book(lived: Year) -> FactorBook:
    return collected(lived.market.entries)


@pytest.fixture(scope="module")
def told(book: FactorBook) -> dict[str, Credit]:
    return credit_of_all(book, links=LINKS)


@pytest.fixture(scope="module")
def counted(book: FactorBook) -> Terms:
    return measured(book)


def scores(found: dict[str, Credit]) -> dict[str, int]:
    return {name: one.score for name, one in found.items()}


def test_planted_rings_rank_worst(told: dict[str, Credit]) -> None:
    trading = {name: score for name, score in scores(told).items() if name not in {"MON", "REG"}}
    assert set(sorted(trading, key=lambda name: trading[name])[: len(PLANTED)]) == set(PLANTED)
    assert all(told[name].grade in {"D", "E"} for name in PLANTED)
    assert {told[name].grade for name in ("LEAKY", "WASHSHOP", "OLDNAME")} == {"E"}


@pytest.mark.parametrize("seed", [2, 3])
def test_whatever_the_seed(seed: int) -> None:
    found = credit_of_all(collected(year(seed).market.entries), links=LINKS)
    assert max(found[name].score for name in PLANTED) < min(found[name].score for name in HONEST)


def test_honest_members_are_not_punished(told: dict[str, Credit]) -> None:
    assert min(told[name].score for name in HONEST) >= 575
    assert sorted(told[name].score for name in HONEST)[len(HONEST) // 2] > TERMS.base
    assert all(told[name].grade in {"A", "B", "C"} for name in HONEST)


def test_an_honest_newcomer_stands_below_the_mean_with_a_small_quota_but_above_the_rings(
    told: dict[str, Credit],
) -> None:
    young = told[HONEST_NEWCOMER]
    assert max(told[name].score for name in PLANTED) < young.score < max(told[name].score for name in HONEST)
    assert young.quota <= 2_000
    assert any(one.code == "newcomer" and one.points < 0 and one.entries for one in young.reasons)


def test_a_new_name_inherits_its_legal_persons_history(book: FactorBook, told: dict[str, Credit]) -> None:
    old, new = (told[name] for name in WHITEWASHED)
    assert (old.score, old.low, old.high, old.reasons) == (new.score, new.low, new.high, new.reasons)
    alone = credit(book, "NEWNAME")
    assert alone.score == TERMS.base - TERMS.newcomer
    assert new.score < alone.score


def test_every_lost_point_cites_an_entry_that_is_about_it(lived: Year, told: dict[str, Credit]) -> None:
    entries = dict(lived.market.entries)
    for one in told.values():
        for reason in one.reasons:
            assert sum(points for _, points in reason.entries) == max(-reason.points, 0)
            assert all(entry in entries for entry, _ in reason.entries)


def test_reasons_add_up(told: dict[str, Credit]) -> None:
    for one in told.values():
        total = TERMS.base + sum(reason.points for reason in one.reasons)
        assert one.score == min(max(total, 0), 1000)
        assert one.low <= one.score <= one.high


def test_a_second_machine_computes_the_same(lived: Year, told: dict[str, Credit], tmp_path: Path) -> None:
    (tmp_path / "entries").write_bytes(pickle.dumps(lived.market.entries))
    code = (
        "import pickle, sys\n"
        "from tests.custody.fraud_rings import LINKS\n"
        "from tallyward.custody.credit import credit_of_all\n"
        "from tallyward.custody.credit_factors import collected\n"
        "found = credit_of_all(collected(pickle.load(open(sys.argv[1], 'rb'))), links=LINKS)\n"
        "print(sorted((name, repr(one)) for name, one in found.items()))\n"
    )
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {"PYTHONPATH": paths, "PYTHONHASHSEED": "4711", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", code, str(tmp_path / "entries")]
    again = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert again.stdout.strip() == str(sorted((name, repr(one)) for name, one in told.items()))


def test_a_book_that_goes_on_says_what_one_says_that_begins_again(lived: Year) -> None:
    half = len(lived.market.entries) // 2
    assert scores(credit_of_all(collected(lived.market.entries[:half])))
    entries = lived.market.entries
    assert repr(credit_of_all(collected(entries))) == repr(credit_of_all(collected(entries)))


def test_no_float_takes_part(book: FactorBook) -> None:
    for one in credit_of_all(book).values():
        assert all(type(value) is int for value in (one.score, one.low, one.high, one.quota, one.size, one.time))
        assert all(type(reason.points) is int for reason in one.reasons)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_more_bad_thing_never_raises_a_score(book: FactorBook, counted: Terms, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(book.histories)))
    factor = data.draw(st.sampled_from(list(Factor)))
    deed = Deed(
        data.draw(st.integers(0, book.size - 1)),
        book.now // DAY - data.draw(st.integers(0, 800)),
        data.draw(st.integers(1, 10_000)) * UNIT,
    )
    terms = data.draw(st.sampled_from([TERMS, counted]))
    present = Present(book)
    before = credit(book, name, present=present, terms=terms)
    history = copy.deepcopy(book.histories[name])
    history.blame(factor, "one more", deed)
    worse = copy.copy(book)
    worse.histories = {**book.histories, name: history}
    after = credit(worse, name, present=present, terms=terms)
    assert after.score <= before.score
    others = [one for one in sorted(book.histories) if one != name]
    other = data.draw(st.sampled_from(others))
    assert credit(worse, other, present=present, terms=terms) == credit(book, other, present=present, terms=terms)


def test_one_more_incident_on_the_log_raises_nobodys_score(lived: Year) -> None:
    market = copy.deepcopy(lived.market)
    before = scores(credit_of_all(collected(market.entries)))
    market.now -= DAY  # the day of the last block, so that nothing ages
    market.incident("stock_in_use", "LEAKY3", 0, 8)
    market.incident("sms_flood", "L3", 0, 8)
    market.incident("transit_overdue", "L4", 0, 8)
    market.pass_days(0)
    after = scores(credit_of_all(collected(market.entries)))
    assert all(after[name] <= before[name] for name in before)
    assert after["LEAKY"] < before["LEAKY"]
    assert after["SHOP0"] < before["SHOP0"]


def test_the_order_within_a_block_makes_no_difference() -> None:
    found = []
    for seed in (1, 2, 3):
        market = Market({"RES": "reseller", "SHOP": "retail"})
        market.lot("L", 100)
        market.sell("L", 0, 80, "OP", "RES", "SHOP")
        market.pass_days(40)
        acts = [("stock_in_use", 0), ("transit_overdue", 8), ("stock_in_use", 16), ("stock_in_use", 0), ("spam", 20)]
        random.Random(seed).shuffle(acts)
        for rule, start in acts:
            market.incident(rule, "L", start, start + 8)
        market.pass_days(1)
        told = credit_of_all(collected(market.entries))
        found.append({name: (one.score, one.low, one.high) for name, one in told.items()})
    assert found[0] == found[1] == found[2]


def test_old_things_fade(lived: Year) -> None:
    def lost(market: Market) -> int:
        reasons = credit(collected(market.entries), "LEAKY").reasons
        return next((one.points for one in reasons if one.code == Factor.UNREGISTERED), 0)

    market = copy.deepcopy(lived.market)
    told = [lost(market)]
    for _ in range(6):
        market.pass_days(365)
        market.pass_days(0)
        told.append(lost(market))
    assert told == sorted(told)
    assert told[-1] > told[0] // 4


def test_a_proven_double_sale_caps_the_score_for_a_year() -> None:
    market = Market({"RES": "reseller", "SHOP": "retail"})
    market.lot("L", 1000)
    market.sell("L", 0, 800, "OP", "RES")
    market.pass_days(200)
    before = credit(collected(market.entries), "RES")
    assert before.score > TERMS.cap
    assert before.capped is None
    entry = market.incident("double_sale@RES", "L", 0, 1)
    market.pass_days(364)
    market.pass_days(1)
    capped = credit(collected(market.entries), "RES")
    assert (capped.capped, capped.high) == (entry, TERMS.cap)
    assert capped.score <= TERMS.cap
    assert capped.grade == "E"
    assert credit(collected(market.entries), "OP").capped is None
    market.pass_days(0)
    later = credit(collected(market.entries), "RES")
    assert later.capped is None
    assert later.score > TERMS.cap


def test_a_measured_population_is_between_terms_and_what_happened(book: FactorBook) -> None:
    found = measured(book)
    rates = {one.factor: one.prior for one in found.weighings}
    assert rates[Factor.UNREGISTERED] > TERMS.weighings[0].prior
    assert all(0 < rate < 1_000_000 for rate in rates.values())
    assert found.digest != TERMS.digest
    again = credit_of_all(book, found, LINKS)
    assert max(again[name].score for name in PLANTED) < min(again[name].score for name in HONEST)


def test_intervals_hold_what_the_posterior_says(book: FactorBook) -> None:
    chance = random.Random(5)
    for name in ("SHOP3", "RES1", "LEAKY"):
        one = credit(book, name)
        drawn = sorted(_drawn(book, name, chance) for _ in range(400))
        inside = sum(one.low - 1 <= score <= one.high + 1 for score in drawn)
        assert inside >= 0.85 * len(drawn)


def _drawn(book: FactorBook, name: str, chance: random.Random) -> float:
    """A score from a draw of each factor's Beta posterior, in floats."""
    history, day, present = book.histories[name], book.now // DAY, Present(book)
    total = float(TERMS.base + _newcomer(TERMS, [history], day).points)
    for one in TERMS.weighings:
        exposed, bad = (each / UNIT / FULL for each in _units(one.factor, [name], [history], present, day))
        prior = one.prior / 1e6
        rate = chance.betavariate(bad + one.strength * prior, max(exposed - bad, 0) + one.strength * (1 - prior))
        nats = math.log(prior / (1 - prior)) - math.log(max(rate, 1e-12) / (1 - rate))
        total += min(one.points * nats, one.gain)
    return min(max(total, 0), 1000)


def test_it_explains_itself(told: dict[str, Credit]) -> None:
    for language in LANGUAGES:
        for one in told.values():
            sentences = one.explain(language)
            assert not [each for each in sentences if "{" in each or "custody." in each]
    assert told["LEAKY"].explain("en")[1].startswith("Cards in its hands were used without registration: -")


def test_a_stranger_has_no_credit(book: FactorBook) -> None:
    with pytest.raises(NotFoundError, match=r"custody\.member_unknown"):
        credit(book, "NOBODY")
