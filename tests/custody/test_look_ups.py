"""Who may know whose credit."""

import pytest

from tallyward.custody.look_ups import Ground, ground
from tallyward.custody.machine import read
from tallyward.custody.transactions import MemberRemove
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import lot, signed
from tests.custody.timed import HOUR, Chain


@pytest.fixture
def chain() -> Chain:
    """RES has an offer of OP for five hours."""
    found = Chain()
    lot(found.machine, "L", 200)
    found.offer("OP", "RES", "L", 10, 20, hours=5)
    return found


def refusal(chain: Chain, asker: str, about: str, hours: int = 0) -> str:
    with pytest.raises(TallywardError) as caught:
        ground(chain.machine.state, asker, about, chain.now + hours * HOUR)
    return caught.value.code.removeprefix("custody.")


def test_operators_regulators_oneself_and_both_sides_of_an_open_offer(chain: Chain) -> None:
    state = chain.machine.state
    assert ground(state, "OP2", "SHOP", chain.now) is Ground.OPERATOR
    assert ground(state, "REG", "OP", chain.now) is Ground.REGULATOR
    assert ground(state, "SHOP", "SHOP", chain.now) is Ground.OWN
    assert ground(state, "RES", "OP", chain.now) is Ground.COUNTERPARTY
    chain.sell("OP", "RES", "L", 30, 40)
    chain.offer("RES", "SHOP", "L", 30, 40, hours=5)
    assert ground(state, "SHOP", "RES", chain.now) is ground(state, "RES", "SHOP", chain.now) is Ground.COUNTERPARTY


def test_nobody_else(chain: Chain) -> None:
    assert refusal(chain, "SHOP", "RES") == "look_up_forbidden"
    assert refusal(chain, "SHOP", "OP") == "look_up_forbidden"
    assert refusal(chain, "RES", "OP", hours=6) == "look_up_forbidden"
    assert refusal(chain, "NOBODY", "OP") == refusal(chain, "OP", "NOBODY") == "member_unknown"


def test_no_member_any_more(chain: Chain) -> None:
    entry = read(signed(chain.machine.id, MemberRemove("OP2", 0), "op", "op2", "regulator"))
    chain.machine.take(chain.machine.judge(entry, chain.now))
    assert refusal(chain, "OP2", "SHOP") == "member_unknown"
    assert ground(chain.machine.state, "OP", "OP2", chain.now) is Ground.OPERATOR
