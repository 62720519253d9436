from datetime import date

import pytest

from tallyward.simulate.chain import Chain, plan_chain
from tallyward.simulate.columns import Cards, Days, Records
from tallyward.simulate.days import make_days
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.traffic import make_records
from tests.simulate.chain_run import Run, run

DAY = date(2026, 3, 2)


@pytest.fixture(scope="session")
def fleet() -> Fleet:
    return build_fleet(cards=6_000, terminals=1_500, seed=11, day=DAY)


@pytest.fixture(scope="session")
def cards(fleet: Fleet) -> Cards:
    return fleet.cards_between(1, fleet.cards)


@pytest.fixture(scope="session")
def days(fleet: Fleet, cards: Cards) -> Days:
    return make_days(cards, fleet.cast, fleet.scene)


@pytest.fixture(scope="session")
def records(fleet: Fleet, cards: Cards, days: Days) -> Records:
    return make_records(cards, days, fleet.cast, fleet.scene)


@pytest.fixture(scope="session")
def chain() -> Chain:
    return plan_chain(build_fleet(cards=2_000, terminals=500, seed=11, day=DAY))


@pytest.fixture(scope="session")
def ledger(chain: Chain) -> Run:
    return run(chain)
