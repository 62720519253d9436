"""Members, keys and rules: decided by more than two thirds of the governors, each decision in its turn. Pure."""

from collections.abc import Mapping
from itertools import chain

from tallyward.custody.authority import MEMBER_KINDS, Purpose
from tallyward.custody.entry import key_id
from tallyward.custody.fields import DeviceTie, Member, Rules
from tallyward.custody.refusals import live_member
from tallyward.custody.report_rows import RuleVersions
from tallyward.custody.state import Change, KeyRow, MemberRow, State
from tallyward.custody.transactions import Genesis, KeyAdd, KeyRevoke, MemberAdd, MemberRemove, RulesSet
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError


def genesis(one: Genesis) -> Change:
    """The first members, keys and rules."""
    change = Change()
    for number, member in enumerate(one.members):
        _joined(change, member, number)
    for rules in one.rules:
        change.put("rules", rules.id.encode(), RuleVersions((_sensible(rules),)))
    _one_vote_each(State(), change)
    named = [(table, key) for table, key, _ in change.rows]
    if len(set(named)) < len(named) or not any(purposes & Purpose.GOVERN for _, purposes in _keys(one)):
        raise InvalidError("custody.genesis_invalid")
    return change


def add_member(state: State, one: MemberAdd) -> Change:
    """An organisation joins, or joins again."""
    _in_turn(state, one.turn)
    known = state.members.get(one.member.id.encode())
    if known is not None and not known.gone:
        raise ConflictError("custody.member_exists", member=one.member.id)
    change = _decided()
    _joined(change, one.member, known.number if known else len(state.members_by_number))
    if any(state.keys.get(key_id(public)) is not None for public, _ in one.member.keys):
        raise ConflictError("custody.key_used", member=one.member.id)
    return _one_vote_each(state, change)


def remove_member(state: State, one: MemberRemove) -> Change:
    """An organisation can say nothing any more."""
    _in_turn(state, one.turn)
    known = live_member(state, one.member)
    change = _decided().put("members", one.member.encode(), known._replace(gone=1))
    for key, row in state.keys.rows.items():
        if row.member == one.member and not row.gone:
            change.put("keys", key, row._replace(gone=1))
    return _one_vote_each(state, change)


def add_key(state: State, one: KeyAdd) -> Change:
    """A member has one more key, or another in place of an old one. What the old one signed stays valid."""
    _in_turn(state, one.turn)
    live_member(state, one.member)
    if state.keys.get(key_id(one.public)) is not None:
        raise ConflictError("custody.key_used", member=one.member)
    change = _decided().put("keys", key_id(one.public), KeyRow(one.member, one.public, _known(one.purposes), 0))
    return _one_vote_each(state, change if one.old is None else _ended(state, change, one.member, one.old))


def revoke_key(state: State, one: KeyRevoke) -> Change:
    """A key can sign nothing any more."""
    _in_turn(state, one.turn)
    return _one_vote_each(state, _ended(state, _decided(), one.member, one.public))


def set_rules(state: State, one: RulesSet) -> Change:
    """Circulation rules are there, or change from a block on; what was to come after that block comes no more."""
    _in_turn(state, one.turn)
    begin = max(one.rules.since, state.height + 1)
    row = state.rules.get(one.rules.id.encode())
    old = [each for each in row.versions if each.since < begin] if row else []
    versions = (*old, _sensible(one.rules)._replace(since=begin))
    in_force = max((at for at, each in enumerate(versions) if each.since <= state.height + 1), default=0)
    return _decided().put("rules", one.rules.id.encode(), RuleVersions(versions[in_force:]))


def _decided() -> Change:
    change = Change()
    change.turns = 1
    return change


def _in_turn(state: State, turn: int) -> None:
    """A decision is signed for its place among all decisions, so it can't be shown a second time."""
    if turn != state.turn:
        raise ConflictError("custody.out_of_turn", turn=turn, expected=state.turn)


def _joined(change: Change, member: Member, number: int) -> None:
    if member.kind not in MEMBER_KINDS:
        raise InvalidError("custody.kind_unknown", kind=member.kind)
    change.put("members", member.id.encode(), MemberRow(number, member.id, member.kind, member.name, 0))
    for public, purposes in member.keys:
        change.put("keys", key_id(public), KeyRow(member.id, public, _known(purposes), 0))


def _sensible(rules: Rules) -> Rules:
    """Rules speak of kinds of members that there are, and of ties that there are."""
    kinds = {*chain.from_iterable((*rules.pairs, *rules.device_pairs)), *rules.asking, *rules.binding}
    if not kinds <= {*MEMBER_KINDS} or rules.device_tie not in [*DeviceTie]:
        raise InvalidError("custody.rules_invalid", rules=rules.id)
    return rules


def _known(purposes: int) -> int:
    """A key that votes on blocks signs nothing else: it lies in a running node."""
    if not 0 < purposes <= sum(Purpose) or (purposes & Purpose.VALIDATE and purposes != Purpose.VALIDATE):
        raise InvalidError("custody.purpose_unknown", purposes=purposes)
    return purposes


def _one_vote_each(state: State, change: Change) -> Change:
    """Each organisation has one vote on blocks at most, and where there are validators the last one stays."""
    before = _validators(state.keys.rows)
    after = _validators(
        state.keys.rows
        | {
            key: row
            for table, key, row in change.rows
            if table == "keys" and key is not None and isinstance(row, KeyRow)
        }
    )
    twice = next((one for one in after if after.count(one) > 1), None)
    if twice is not None:
        raise ConflictError("custody.one_vote_each", member=twice)
    if before and not after:
        raise ConflictError("custody.last_validator")
    return change


def _validators(keys: Mapping[bytes, object]) -> list[str]:
    """The members that vote, once for each key to vote with."""
    rows = (row for row in keys.values() if isinstance(row, KeyRow))
    return [row.member for row in rows if row.purposes & Purpose.VALIDATE and not row.gone]


def _ended(state: State, change: Change, member: str, public: bytes) -> Change:
    row = state.keys.get(key_id(public))
    if row is None or row.member != member or row.gone:
        raise NotFoundError("custody.key_unknown", member=member)
    return change.put("keys", key_id(public), row._replace(gone=1))


def _keys(one: Genesis) -> list[tuple[bytes, int]]:
    return [key for member in one.members for key in member.keys]
