"""The ledger's rules as one deterministic machine: entries in, changes or refusals out. It reads no clock and no file.

Who runs it - one process, or validators that vote - changes nothing: the same entries in the same blocks give the
same root. A refused transaction changes nothing. Signatures are over received bytes; whether one holds depends on
nothing but key and bytes, so it may have been checked elsewhere before (`proven`).
"""

from collections.abc import Callable, Container, Sequence
from typing import Any, Final

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from tallyward.custody import (
    apply_activation,
    apply_devices,
    apply_governance,
    apply_orders,
    apply_reports,
    apply_transfer,
)
from tallyward.custody.authority import BY_GOVERNORS, KINDS_OF_SPEAKER, PURPOSE_OF, SIGNS_TOO, Purpose, enough
from tallyward.custody.block_times import BlockTimes
from tallyward.custody.codec import MOST_BYTES, MalformedError
from tallyward.custody.entry import (
    DOMAIN,
    LEDGER_ID,
    Entry,
    Signature,
    body_of,
    entry_of,
    parse_entry,
)
from tallyward.custody.forms import SPEAKER
from tallyward.custody.refusals import live_member
from tallyward.custody.state import Change, KeyRow, State
from tallyward.custody.transactions import BlockEnd, Genesis, Kind
from tallyward.kernel.errors import ForbiddenError, InvalidError, TallywardError, TooLargeError

_BY_ANOTHER = frozenset({Kind.RN_APPROVE, Kind.ACTIVATE})
Checked = tuple[bytes, bytes, bytes]
"""(key id, signature, body): the signature was found to hold over this body."""


class _Everything:
    """Holds whatever it is asked for."""

    def __contains__(self, one: object) -> bool:
        return True


PROVEN_BEFORE: Final = _Everything()
"""For entries that were taken once: their signatures were checked then."""


class Machine:
    """The ledger at a height. `size`: entries taken, which is the next entry's number.

    `time`: of the last block, `times`: of all blocks.
    """

    def __init__(self, genesis: bytes) -> None:
        """Begin a ledger; `genesis` is its first entry. Refuses one that is not signed by all its governors."""
        entry = read(genesis)
        if not isinstance(entry.transaction, Genesis) or entry.ledger:
            raise InvalidError("custody.genesis_invalid")
        self.id = entry.hash[:LEDGER_ID]
        self.origin = entry.transaction.origin
        self.state = State()
        self.time = entry.transaction.time
        self.size = 1
        self.times = BlockTimes()
        self.state.take(apply_governance.genesis(entry.transaction), 0)
        governors = {key.member for key in self.state.keys.rows.values() if key.purposes & Purpose.GOVERN}
        signed = {_signer(self.state, entry, one, ()).member for one in entry.signatures}
        if signed != governors:
            raise InvalidError("custody.genesis_invalid")

    @property
    def height(self) -> int:
        """How many blocks are closed."""
        return self.state.height

    def judge(self, entry: Entry, now: int, proven: Container[Checked] = ()) -> Change:
        """What an entry would change at a time; refuses what may not be, with a `custody.` code. Changes nothing."""
        self.hear(entry, proven)
        return _DECISIONS[entry.transaction.kind](self.state, entry, now)

    def hear(self, entry: Entry, proven: Container[Checked] = ()) -> None:
        """Refuse an entry of another ledger, or by whom may not say such a thing; what it would change is not asked."""
        if entry.ledger != self.id:
            raise InvalidError("custody.wrong_ledger")
        self._allowed(entry, proven)

    def take(self, change: Change) -> int:
        """Make a judged change, as the next entry; its number."""
        self.state.take(change, self.size)
        self.size += 1
        return self.size - 1

    def take_block(
        self, entries: Sequence[bytes], now: int, proven: Container[Checked] = ()
    ) -> tuple[list[bytes], list[int | TallywardError]]:
        """Take entries in this order: (what is to be appended, each one's number or why it is refused).

        The machine's own entry is the last of what is appended; a block of which nothing was taken appends nothing.
        """
        taken: list[bytes] = []
        answers: list[int | TallywardError] = []
        for data in entries:
            try:
                answers.append(self.take(self.judge(read(data), now, proven)))
                taken.append(data)
            except TallywardError as error:
                answers.append(error)
        if taken:
            taken.append(self.end_block(now))
        return taken, answers

    def end_block(self, now: int) -> bytes:
        """Close a block of transactions: the machine's own entry, to be appended."""
        now = max(now, self.time)  # time never runs back; whoever says so is found to say another entry
        self.state.height += 1
        self.time = now
        self.times.add(self.size, now)
        self.size += 1
        return entry_of(body_of(self.id, BlockEnd(self.height, now, self.state.root())), ())

    def _allowed(self, entry: Entry, proven: Container[Checked]) -> None:
        """The right keys have signed, and the speaker may say such a thing."""
        one = entry.transaction
        if one.kind not in _DECISIONS or not entry.signatures:
            raise ForbiddenError("custody.signature_invalid")
        if len(entry.signatures) > 1 and len({each.key for each in entry.signatures}) < len(entry.signatures):
            raise InvalidError("custody.malformed", problem="a key signed twice")
        keys = [_signer(self.state, entry, each, proven) for each in entry.signatures]
        if one.kind in BY_GOVERNORS:
            self._quorum(keys)
            return
        speaker = str(getattr(one, SPEAKER[one.kind]))
        beside = SIGNS_TOO.get(one.kind)
        hands = [speaker] if beside is None else [speaker, str(getattr(one, beside))]
        if sorted(key.member for key in keys) != sorted(hands):
            raise ForbiddenError("custody.signature_invalid")
        self._not_itself(entry, speaker)
        allowed = KINDS_OF_SPEAKER.get(one.kind)
        if allowed and live_member(self.state, speaker).kind not in allowed:
            raise ForbiddenError("custody.role_forbidden", member=speaker, kind=one.kind.name)
        purpose = int(PURPOSE_OF.get(one.kind, Purpose.TRADE))
        for key in keys:
            if not key.purposes & purpose:
                raise ForbiddenError("custody.role_forbidden", member=key.member, kind=one.kind.name)

    def _quorum(self, keys: list[KeyRow]) -> None:
        state = self.state
        govern = [row for row in state.keys.rows.values() if row.purposes & Purpose.GOVERN and not row.gone]
        governors = {row.member for row in govern}
        signed = {key.member for key in keys if key.purposes & Purpose.GOVERN}
        if not enough(len(signed), len(governors)):
            raise ForbiddenError("custody.quorum_missing", signed=len(signed), governors=len(governors))

    def _not_itself(self, entry: Entry, speaker: str) -> None:
        """Nobody approves what it asked for."""
        if entry.transaction.kind in _BY_ANOTHER:
            asked = self.state.requests.get(getattr(entry.transaction, "request"))  # noqa: B009 - kinds differ in fields
            if asked is not None and asked.shop == speaker:
                raise ForbiddenError("custody.self_approval", member=speaker)


def read(data: bytes) -> Entry:
    """An entry's parts; refuses bytes that are none with `custody.too_large` or `custody.malformed`."""
    if len(data) > MOST_BYTES:
        raise TooLargeError("custody.too_large", size=len(data), most=MOST_BYTES)
    try:
        return parse_entry(data)
    except MalformedError as error:
        raise InvalidError("custody.malformed", problem=str(error)) from error


def _signer(state: State, entry: Entry, one: Signature, proven: Container[Checked]) -> KeyRow:
    """The key that made a signature, if the signature holds and the key is alive."""
    row = state.keys.get(one.key)
    if row is None or row.gone:
        raise ForbiddenError("custody.signature_invalid")
    if (one.key, one.value, entry.body) not in proven and not holds(row.public, entry.body, one.value):
        raise ForbiddenError("custody.signature_invalid")
    return row


def holds(public: bytes, body: bytes, signature: bytes) -> bool:
    """Whether a signature over a body is made by a key."""
    if len(signature) != 64:  # noqa: PLR2004 - Ed25519
        return False
    try:
        crypto_sign_open(signature + DOMAIN + body, public)
    except BadSignatureError:
        return False
    return True


_Decision = Callable[[State, Any, int], Change]
_DECISIONS: dict[Kind, _Decision] = {
    Kind.REGISTER_LOT: lambda state, entry, _: apply_transfer.register(state, entry.transaction),
    Kind.OFFER: lambda state, entry, now: apply_transfer.offer(state, entry.transaction, entry, now),
    Kind.WITHDRAW: lambda state, entry, _: apply_transfer.withdraw(state, entry.transaction),
    Kind.ACCEPT: lambda state, entry, now: apply_transfer.accept(state, entry.transaction, now),
    Kind.REJECT: lambda state, entry, _: apply_transfer.reject(state, entry.transaction),
    Kind.SALE: lambda state, entry, _: apply_transfer.sale(state, entry.transaction),
    Kind.ACT_REQUEST: lambda state, entry, _: apply_activation.request(state, entry.transaction, entry),
    Kind.RN_APPROVE: lambda state, entry, _: apply_activation.approve(state, entry.transaction),
    Kind.RN_REJECT: lambda state, entry, _: apply_activation.reject(state, entry.transaction),
    Kind.ACTIVATE: lambda state, entry, _: apply_activation.activate(state, entry.transaction),
    Kind.MEMBER_ADD: lambda state, entry, _: apply_governance.add_member(state, entry.transaction),
    Kind.MEMBER_REMOVE: lambda state, entry, _: apply_governance.remove_member(state, entry.transaction),
    Kind.KEY_ADD: lambda state, entry, _: apply_governance.add_key(state, entry.transaction),
    Kind.KEY_REVOKE: lambda state, entry, _: apply_governance.revoke_key(state, entry.transaction),
    Kind.RULES_SET: lambda state, entry, _: apply_governance.set_rules(state, entry.transaction),
    **dict.fromkeys(
        (Kind.SUSPEND, Kind.RESUME, Kind.CANCEL, Kind.QUARANTINE, Kind.RECYCLE, Kind.LOSE, Kind.FIND),
        lambda state, entry, now: apply_orders.order(state, entry.transaction, now),
    ),
    Kind.BIND_DEVICE: lambda state, entry, _: apply_devices.bind(state, entry.transaction),
    Kind.ORDER_SUSPEND: lambda state, entry, now: apply_orders.order_suspend(state, entry.transaction, entry, now),
    Kind.STOCK_REPORT: lambda state, entry, now: apply_reports.stock_report(state, entry.transaction, now),
    Kind.INCIDENT: lambda state, entry, _: apply_reports.incident(state, entry.transaction, entry),
    Kind.KEY_DESTROYED: lambda state, entry, _: apply_reports.key_destroyed(state, entry.transaction),
    Kind.CREDIT_SET: lambda state, entry, _: apply_reports.credit_set(state, entry.transaction),
}
