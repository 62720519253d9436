"""For which keys of which members something is sealed, as the ledger stands. Pure (custody note, "Privacy")."""

from collections.abc import Iterable

from tallyward.custody.authority import Purpose
from tallyward.custody.refusals import live_member, lot_of
from tallyward.custody.state import State
from tallyward.custody.transactions import Deal
from tallyward.kernel.errors import NotFoundError


def of_transfer(state: State, deal: Deal) -> list[bytes]:
    """Who reads card numbers, price and contract: seller, buyer, the cards' operators and the regulators."""
    operators = {lot_of(state, part.lot).operator for part in deal.parts}
    return _keys(state, {deal.seller, deal.buyer, *operators, *_regulators(state)}, Purpose.TRADE)


def of_stock(state: State, holder: str) -> list[bytes]:
    """Who reads a holder's own list of cards: the holder."""
    return _keys(state, {holder}, Purpose.TRADE)


def of_real_names(state: State, operator: str) -> list[bytes]:
    """Who reads what proves a person: keys for real names of the operator, and of regulators that were given one."""
    found = _keys(state, {operator}, Purpose.REAL_NAME)
    return found + [
        one for regulator in sorted(_regulators(state)) for one in _live(state, regulator, Purpose.REAL_NAME)
    ]


def _regulators(state: State) -> set[str]:
    return {row.id for row in state.members.rows.values() if row.kind == "regulator" and not row.gone}


def _keys(state: State, members: Iterable[str], purpose: Purpose) -> list[bytes]:
    """The live keys of each member for a purpose; refuses with `custody.reader_missing` where one has none."""
    found: list[bytes] = []
    for member in sorted(members):
        live_member(state, member)
        own = _live(state, member, purpose)
        if not own:
            raise NotFoundError("custody.reader_missing", member=member, purpose=purpose.name)
        found += own
    return found


def _live(state: State, member: str, purpose: Purpose) -> list[bytes]:
    rows = state.keys.rows.values()
    return [row.public for row in rows if row.member == member and row.purposes & purpose and not row.gone]
