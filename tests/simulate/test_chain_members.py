from tallyward.custody.authority import MEMBER_KINDS, Purpose
from tallyward.custody.machine import Machine
from tallyward.custody.refusals import rules_in_force
from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.chain_members import MONITOR, RULES, chain_keys, chain_members
from tallyward.simulate.chain_pen import begin
from tallyward.simulate.enterprises import FIRMS


def test_members_are_the_enterprises_of_the_chain_and_a_monitor() -> None:
    members = {one.id: one for one in chain_members(chain_keys(1))}
    firms = {firm.code: firm.name for firm in FIRMS if firm.kind is not EnterpriseKind.PROVIDER}
    assert members.keys() - {MONITOR.id} == firms.keys()
    assert all(members[code].name == name for code, name in firms.items())
    assert {one.kind for one in members.values()} == set(MEMBER_KINDS)


def test_each_key_is_for_one_purpose_and_for_one_member() -> None:
    members = chain_members(chain_keys(1))
    keys = [public for one in members for public, _ in one.keys]
    assert len(set(keys)) == len(keys) > len(members)
    of_operator = next(one for one in members if one.kind == "operator").keys
    assert [purpose for _, purpose in of_operator] == [Purpose.TRADE, Purpose.REAL_NAME, Purpose.GOVERN]
    assert all(one.keys for one in members)


def test_keys_follow_from_the_seed() -> None:
    assert chain_members(chain_keys(5)) == chain_members(chain_keys(5))
    first, second = ({public for one in chain_members(chain_keys(seed)) for public, _ in one.keys} for seed in (5, 6))
    assert not first & second


def test_the_first_entry_begins_a_ledger() -> None:
    genesis, ledger = begin(chain_keys(1), 1_000)
    machine = Machine(genesis)
    assert (machine.id, machine.time) == (ledger, 1_000)
    assert rules_in_force(machine.state, RULES.id) == RULES
