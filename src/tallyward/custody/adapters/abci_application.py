"""The ledger as CometBFT's application (ABCI 2.0): a question in, an answer out. It knows nothing of sockets.

Which transactions a block holds is what validators agree on; what each one does is for the machine to say, alike on all
of them. A proposal with a transaction that nobody may have said is rejected; one that was said and comes too late (the
second of a double sale) or too early may stand in a block, is refused there, and leaves no entry.
"""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog
from nacl.signing import SigningKey

from tallyward.custody.adapters import abci_messages as abci
from tallyward.custody.adapters.abci_messages import ACCEPT, REJECT, Ask, Request
from tallyward.custody.adapters.abci_wire import message
from tallyward.custody.adapters.copy_offered import OfferedCopies
from tallyward.custody.adapters.copy_received import ReceivedCopy, promised
from tallyward.custody.adapters.replicated_ledger import ReplicatedLedger
from tallyward.custody.copy_chunks import FORMAT
from tallyward.custody.entry import Entry
from tallyward.custody.machine import Checked, read
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError, TallywardError

NAME: Final = "tallyward-custody"
_REMEMBERED: Final = 200_000
_NUMBER: Final = 8
_log = structlog.get_logger(__name__)


def chain_id(ledger: bytes) -> str:
    """The chain's name for CometBFT: its votes are for this ledger and no other."""
    return f"tallyward-{ledger.hex()}"


class Application:
    """One member's node. `path`: of its copy, which the first block's genesis makes; `secret`: signs its heads."""

    def __init__(self, path: Path, secret: SigningKey, clock: Clock) -> None:
        """Open the copy, if there is one."""
        self._path, self._secret, self._clock = path, secret, clock
        self._ledger = ReplicatedLedger(path, secret, clock) if path.exists() else None
        self._proven = Proven()
        self._copies = OfferedCopies()
        self._coming: ReceivedCopy | None = None
        self._results: OrderedDict[bytes, tuple[int, bytes, str]] = OrderedDict()
        self._answers: dict[Ask, Callable[[Request], bytes]] = {
            Ask.ECHO: lambda asked: message((1, asked.text(1))),
            Ask.INFO: lambda _: self._info(),
            Ask.INIT_CHAIN: self._begin,
            Ask.QUERY: self._query,
            Ask.CHECK_TX: self._check,
            Ask.PREPARE_PROPOSAL: lambda asked: abci.proposal([one for one in asked.all(2) if self._said(one)]),
            Ask.PROCESS_PROPOSAL: self._process,
            Ask.FINALIZE_BLOCK: self._finalize,
            Ask.COMMIT: lambda _: self._commit(),
            Ask.LIST_SNAPSHOTS: lambda _: self._offers(),
            Ask.LOAD_SNAPSHOT_CHUNK: self._chunk,
            Ask.OFFER_SNAPSHOT: self._offered,
            Ask.APPLY_SNAPSHOT_CHUNK: self._came,
            Ask.VERIFY_VOTE_EXTENSION: lambda asked: abci.verdict(REJECT if asked.data(4) else ACCEPT),
        }

    def answer(self, asked: Request) -> bytes:
        """The `Response`. Raises what leaves the ledger unable to go on: the node must stop then."""
        say = self._answers.get(asked.ask)
        return abci.answer(asked.ask, say(asked) if say else b"")

    def close(self) -> None:
        """Let go of the file."""
        if self._coming is not None:
            self._coming.close()
        if self._ledger is not None:
            self._ledger.close()

    @property
    def ledger(self) -> ReplicatedLedger:
        """The copy; refuses with `custody.no_ledger` before the chain has begun."""
        if self._ledger is None:
            raise NotFoundError("custody.no_ledger", file=self._path.name)
        return self._ledger

    def _info(self) -> bytes:
        if self._ledger is None:
            return abci.info(NAME, "1", 0, b"")
        self._ledger.forget()
        return abci.info(NAME, "1", self._ledger.height, self._ledger.root if self._ledger.height else b"")

    def _begin(self, asked: Request) -> bytes:
        """The ledger's first entry is what genesis.json carries; it names the first validators."""
        genesis = _genesis(asked.data(5))
        if self._ledger is None:
            fresh = self._path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            ReplicatedLedger.create(fresh, genesis, self._secret, self._clock).close()
            fresh.rename(self._path)  # whole or not there: it may be killed in between
            self._ledger = ReplicatedLedger(self._path, self._secret, self._clock)
        ledger = self._ledger
        if ledger.height or next(ledger.entries())[1] != genesis:
            raise ConflictError("custody.ledger_exists", file=self._path.name)
        if asked.text(2) != chain_id(ledger.machine.id):
            raise InvalidError("custody.wrong_ledger")
        return abci.init_chain(ledger.validators, ledger.root)

    def _check(self, asked: Request) -> bytes:
        """Whether a transaction may wait for a block: what the ledger as it is now would refuse may not.

        One that came early may: had this node dropped it, those that were sent after it would overtake it.
        """
        data = asked.data(1)
        named = sha256(data).digest()
        result = self._results.get(named)
        try:
            entry = read(data)
            self._judge(entry, known=result is not None)
        except TallywardError as refusal:
            if result is None or result[0]:  # one that is in already is refused a second time
                self._remember(named, _result(refusal))
            return abci.result(*_result(refusal))
        self._proven.add(entry)
        if result is not None and result[0]:
            del self._results[named]
        return abci.result(0)

    def _judge(self, entry: Entry, *, known: bool) -> None:
        """Refuse what the ledger would refuse, unless a block under way may mend it; a `known` one had its chance."""
        machine = self.ledger.machine
        machine.hear(entry, self._proven)
        try:
            machine.judge(entry, machine.time, self._proven)
        except TallywardError as refusal:
            cited = max((part.cause for part in getattr(entry.transaction, "parts", ())), default=0)
            early = isinstance(refusal, NotFoundError) or cited >= machine.size
            if known or not early:
                raise

    def _said(self, data: bytes) -> bool:
        """Whether bytes are a transaction that the right keys have signed, by the ledger before the block."""
        try:
            entry = read(data)
            self.ledger.machine.hear(entry, self._proven)
        except TallywardError:
            return False
        self._proven.add(entry)
        return True

    def _process(self, asked: Request) -> bytes:
        wrong = sum(not self._said(one) for one in asked.all(1))
        if wrong:
            _log.warning("proposal rejected", height=asked.number(5), proposer=asked.data(8).hex(), wrong=wrong)
        return abci.verdict(REJECT if wrong else ACCEPT)

    def _finalize(self, asked: Request) -> bytes:
        for one in asked.all(3):
            found = Request(asked.ask, abci.collected(one))
            validator = Request(asked.ask, abci.collected(found.data(2))).data(1).hex()
            _log.warning("validator caught", kind=found.number(1), validator=validator, height=found.number(3))
        transactions = asked.all(1)
        block = self.ledger.decide(transactions, asked.number(5), asked.time(6), self._proven)
        results = [_result(one) for one in block.answers]
        for data, result in zip(transactions, results, strict=True):
            self._remember(sha256(data).digest(), result)
        return abci.finalized([abci.result(*one) for one in results], block.validators, block.root)

    def _remember(self, named: bytes, result: tuple[int, bytes, str]) -> None:
        self._results[named] = result
        if len(self._results) > _REMEMBERED:
            self._results.popitem(last=False)

    def _commit(self) -> bytes:
        self.ledger.keep()
        return b""

    def _offers(self) -> bytes:
        """What late members may join by."""
        found = self._copies.of(self._ledger) if self._ledger else []
        return abci.snapshots(*(abci.snapshot(one.height, FORMAT, one.chunks, one.hash, one.manifest) for one in found))

    def _chunk(self, asked: Request) -> bytes:
        return abci.chunk(self._copies.chunk(self.ledger, asked.number(1), asked.number(2), asked.number(3)))

    def _offered(self, asked: Request) -> bytes:
        """Whether this late member takes a copy of others. CometBFT vouches for height and root of the log."""
        offer = Request(asked.ask, abci.collected(asked.data(1)))
        height, root = offer.number(1), asked.data(2)
        if self._ledger is not None:  # one that is there already may have come just before it was killed
            known = (self._ledger.height, self._ledger.root) == (height, root)
            return abci.verdict(ACCEPT if known else abci.ABORT)
        if offer.number(2) != FORMAT:
            return abci.verdict(abci.REJECT_FORMAT)
        manifest = promised(offer.data(5), offer.data(4), offer.number(3))
        if manifest is None:
            return abci.verdict(abci.OTHER_SNAPSHOT)
        if self._coming is not None:
            self._coming.close()
        self._coming = ReceivedCopy(self._path, manifest, height, root)
        return abci.verdict(ACCEPT)

    def _came(self, asked: Request) -> bytes:
        """The next chunk of a copy; after the last one it is proven and opened."""
        copy, place = self._coming, asked.number(1)
        if copy is None:
            return abci.verdict(ACCEPT if self._ledger else abci.ABORT)
        if not copy.take(place, asked.data(2)):
            _log.warning("chunk is not what was promised", chunk=place, sender=asked.text(3))
            return abci.again(place, asked.text(3))
        if copy.whole:
            self._coming = None
            try:
                copy.keep(self._secret)
            except TallywardError as error:
                _log.warning("copy is not the chain's", code=error.code, height=copy.height)
                copy.close()
                return abci.verdict(abci.DROP_SNAPSHOT)
            self._ledger = ReplicatedLedger(self._path, self._secret, self._clock)
        return abci.verdict(ACCEPT)

    def _query(self, asked: Request) -> bytes:
        """What a node tells anybody: `head`, `receipt/NUMBER`, `result/HASH of the transaction`, `status`."""
        height = self._ledger.height if self._ledger else 0
        try:
            return abci.query(0, self._told(*asked.text(2).strip("/").partition("/")[::2]), height)
        except TallywardError as refusal:
            return abci.query(refusal.exit_code, b"", height, str(refusal))

    def _told(self, topic: str, name: str) -> bytes:
        ledger = self.ledger
        if topic == "head":
            return ledger.head().note().encode()
        if topic == "receipt" and name.isascii() and name.isdigit():
            return ledger.receipt(min(int(name[:18]), 1 << 60)).text().encode()
        if topic == "result" and (known := self._results.get(_hash(name))):
            return json.dumps([known[0], int.from_bytes(known[1]), known[2]]).encode()
        if topic == "status":
            machine = ledger.machine
            rows, validators = machine.state.keys.rows.values(), ledger.validators
            votes = {row.public.hex(): row.member for row in rows if row.public in validators}
            told = {"blocks": machine.height, "size": machine.size, "root": machine.state.root().hex(), "votes": votes}
            return json.dumps(told).encode()
        raise NotFoundError("custody.question_unknown", topic=topic[:32])


class Proven:
    """Signatures that were found to hold, the latest ones: each transaction is judged up to four times on its way."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        """Keep so many."""
        self._kept: OrderedDict[bytes, None] = OrderedDict()
        self._most = most

    def __contains__(self, one: object) -> bool:
        """Whether this signature was found to hold."""
        return isinstance(one, tuple) and _mark(one) in self._kept

    def add(self, entry: Entry) -> None:
        """All signatures of an entry that the machine has heard."""
        for one in entry.signatures:
            self._kept[_mark((one.key, one.value, entry.body))] = None
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


def _mark(one: Checked) -> bytes:
    key, value, body = one
    return sha256(key + value + body).digest()


def _result(one: int | TallywardError) -> tuple[int, bytes, str]:
    """(code, data, words) of a transaction in a block; code and data are hashed into the next block's header."""
    if isinstance(one, TallywardError):
        return one.exit_code, b"", json.dumps([one.code, one.parameters])
    return 0, one.to_bytes(_NUMBER), ""


def _genesis(state: bytes) -> bytes:
    try:
        return b64decode(json.loads(state)["genesis"], validate=True)
    except (ValueError, KeyError, TypeError, Base64Error, RecursionError) as error:
        raise InvalidError("custody.genesis_invalid") from error


def _hash(name: str) -> bytes:
    try:
        return bytes.fromhex(name)
    except ValueError:
        return b""
