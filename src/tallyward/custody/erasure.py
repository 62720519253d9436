"""Forgetting a card or a person: the owner of the data keys destroys them, and the ledger gets to know that.

What the ledger has stays: hashes and tokens, proofs and audits. Without salt and data key a hash says nothing any more,
a lot's leaf neither. First the vault forgets, in one step; then KEY_DESTROYED is said for each key, and said again
after a crash until the ledger has it: nothing is ever told as destroyed that is still there.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody import stock
from tallyward.custody.envelope import Use
from tallyward.custody.kept import Kept
from tallyward.custody.ports import Destroyer, Ledger, Vault
from tallyward.custody.refusals import lot_of
from tallyward.custody.reports import KeyDestroyed
from tallyward.custody.state import State
from tallyward.custody.states import CardState
from tallyward.kernel.errors import ConflictError, TallywardError

_OVER: Final = (CardState.CANCELLED, CardState.QUARANTINE, CardState.RECYCLED, CardState.LOST)


class Holder(NamedTuple):
    """Whose vault it is. `ledger`: the ledger's id; `secret`: opens its stock; `fresh`: so many random bytes."""

    id: str
    ledger: bytes
    secret: SigningKey
    fresh: Callable[[int], bytes]


def erase_card(state: State, vault: Vault, holder: Holder, lot: str, slot: int) -> list[bytes]:
    """Forget a card: its number, its salt, its real-name material. The ids of the data keys that are gone."""
    every = vault.of_card(lot, slot)
    instead: list[Kept] = []
    for one in every:
        if one.use is Use.STOCK:
            instead += stock.without(state, holder.id, holder.ledger, one, holder.secret, slot, holder.fresh)
    return _erased(vault, every, instead)


def erase_person(vault: Vault, token: bytes) -> list[bytes]:
    """Forget what proves a person, with all cards that it was approved for. The ids of the data keys that are gone."""
    return _erased(vault, vault.of_person(token), [])


def over(state: State, lot: str, slot: int) -> None:
    """Whether a card's number may be forgotten: refuses with `custody.card_lives` while it can be used or sold."""
    span = state.spans.at(lot_of(state, lot).number, slot)
    if span.state not in _OVER:
        raise ConflictError("custody.card_lives", lot=lot, slot=slot, state=span.state.name)


def tell(
    ledger: Ledger, destroyer: Destroyer, owner: str, signed: Callable[[KeyDestroyed], bytes]
) -> list[TallywardError]:
    """Say KEY_DESTROYED for all keys that the ledger does not have yet; why it refused some, which stay to be told.

    `signed`: the entry of a transaction, signed by the owner of the keys.
    """
    waiting = destroyer.untold()
    answers = ledger.submit([signed(KeyDestroyed(owner, key)) for key in waiting]) if waiting else []
    refused = {key: answer for key, answer in zip(waiting, answers, strict=True) if isinstance(answer, TallywardError)}
    known = {key for key, answer in refused.items() if answer.code == "custody.said_before"}
    destroyer.told(key for key in waiting if key in known or key not in refused)
    return [answer for key, answer in refused.items() if key not in known]


def _erased(vault: Vault, every: list[Kept], instead: list[Kept]) -> list[bytes]:
    keys = [one.envelope.id for one in every]
    vault.erase(keys, instead)
    return keys
