"""The card ledger of an installation: its files under `custody/`, and the keys that the platform keeps for members.

ledger.db      the log                            keys/MEMBER.key             trade, and votes of a governor
books.db       card numbers and secrets of lots   keys/MEMBER.real-name.key   real-name approval
vault.db       sealed real-name material          log.key                     signs heads and statements
look-ups.db    who asked for whose credit         persons.key                 tokens of persons
terms/         price and contract of sales
ledger.db.snapshot                                what the log comes to, to open it sooner; may be missing

Where the organisation runs a node of its own (`Settings.custody_node`), that has the log and its key, and cosigned.note
here what witnesses signed of its heads. Then persons.key must be the one that all operators of the ledger share.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody.adapters.book_forgetting import BookForgetting
from tallyward.custody.adapters.cometbft_home import Seat, read_home
from tallyward.custody.adapters.key_file import make_key, read_key
from tallyward.custody.adapters.ledger_file import LedgerFile, writing
from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.adapters.network_ledger import NetworkLedger
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.sqlite_look_ups import SqliteLookUpLog
from tallyward.custody.adapters.terms_files import TermsFiles
from tallyward.custody.adapters.vault_file import VaultFile
from tallyward.custody.authority import Purpose
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.fields import Member, Rules
from tallyward.custody.machine import read
from tallyward.custody.service import CustodyService
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Genesis
from tallyward.kernel.clock import Clock, SystemClock
from tallyward.kernel.errors import ConflictError, NotFoundError
from tallyward.kernel.secret import Secret
from tallyward.wiring.folder import prepare_folder
from tallyward.wiring.settings import Settings

__all__ = [
    "Custody",
    "Founder",
    "KeyRing",
    "OpenLedger",
    "begin_custody",
    "begin_with",
    "custody_folder",
    "has_custody",
    "make_key",
    "open_custody",
    "open_custody_bytes",
    "open_ledger",
    "own_node",
    "read_key",
]

_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Founder:
    """A governor with which a ledger begins: member id, kind, name."""

    id: str
    kind: str
    name: str


class KeyRing:
    """The keys that the platform keeps for members (`hosted`): a folder of its owner's alone."""

    def __init__(self, folder: Path) -> None:
        """Look into a folder, which may be missing."""
        self.folder = folder

    def path(self, member: str, *, real_name: bool = False) -> Path:
        """Where a member's key lies, or would."""
        return self.folder / f"{member}{'.real-name' if real_name else ''}.key"

    def read(self, member: str, *, real_name: bool = False) -> SigningKey:
        """A member's key; refuses as `key_file.read_key` does."""
        return read_key(self.path(member, real_name=real_name))

    def make(self, member: str, *, real_name: bool = False) -> SigningKey:
        """A new key for a member, or the one that was made for it before."""
        path = self.path(member, real_name=real_name)
        return read_key(path) if path.exists() else make_key(path)

    def all(self) -> dict[bytes, SigningKey]:
        """Every key that is kept, by its public half."""
        found = (read_key(path) for path in sorted(self.folder.glob("*.key")))
        return {bytes(one.verify_key): one for one in found}


@dataclass(frozen=True, slots=True)
class Custody:
    """An installation's ledger, ready."""

    folder: Path
    service: CustodyService
    books: LotBooks
    keys: KeyRing
    log: NoteKey
    clock: Clock

    @contextmanager
    def vault(self) -> Iterator[VaultFile]:
        """The vault, which one process at a time has open."""
        file = VaultFile(self.folder / "vault.db", self.clock)
        try:
            yield file
        finally:
            file.close()

    @contextmanager
    def forgetting(self) -> Iterator[BookForgetting]:
        """What takes cards out of the books for good."""
        found = BookForgetting(self.folder / "books.db", self.clock)
        try:
            yield found
        finally:
            found.close()

    @property
    def terms(self) -> TermsFiles:
        """Price and contract of the sales that were offered here."""
        return TermsFiles(self.folder / "terms")

    def persons_key(self) -> Secret[bytes]:
        """The key of the operators' group, for tokens of persons."""
        return Secret(bytes(read_key(self.folder / "persons.key")))

    def governors(self) -> list[SigningKey]:
        """The kept keys that may vote as governors now."""
        rows = self.service.state.keys.rows.values()
        votes = {row.public for row in rows if row.purposes & Purpose.GOVERN and not row.gone}
        return [one for public, one in self.keys.all().items() if public in votes]


class OpenLedger(NamedTuple):
    """A ledger with its operator's books, and the log's key."""

    ledger: SqliteLedger
    books: LotBooks
    secret: SigningKey


def custody_folder(settings: Settings) -> Path:
    """Where an installation's ledger lies."""
    return settings.folder / "custody"


def has_custody(settings: Settings) -> bool:
    """Whether there is a ledger: begun here, or in the organisation's own node."""
    return _place(settings).ledger.is_file()


@contextmanager
def open_custody(settings: Settings, clock: Clock | None = None) -> Iterator[Custody]:
    """Open the ledger of an installation; refuses with `custody.no_ledger` where none was begun."""
    folder, clock = custody_folder(settings), clock or SystemClock()
    with ExitStack() as stack:
        opened = stack.enter_context(open_ledger(settings, clock))
        look_ups = SqliteLookUpLog(folder / "look-ups.db")
        stack.callback(look_ups.close)
        service = CustodyService(opened.ledger, opened.books, look_ups, opened.secret, clock)
        log = NoteKey(opened.ledger.machine.origin, bytes(opened.secret.verify_key))
        yield Custody(folder, service, opened.books, KeyRing(folder / "keys"), log, clock)


@contextmanager
def open_ledger(settings: Settings, clock: Clock) -> Iterator[OpenLedger]:
    """Open the ledger and its books alone; refuses with `custody.no_ledger`, or `custody.node_not_begun` of a node."""
    folder, place = custody_folder(settings), _found(settings)
    with ExitStack() as stack:
        secret = read_key(place.key)
        if place.node is None:
            ledger = SqliteLedger(place.ledger, secret, clock)
        else:
            _prepare_beside(settings.folder, folder)
            ledger = NetworkLedger(place.ledger, place.node.address, folder / "cosigned.note")
        stack.callback(ledger.close)
        books = LotBooks(folder / "books.db")
        stack.callback(books.close)
        yield OpenLedger(ledger, books, secret)


@contextmanager
def open_custody_bytes(settings: Settings) -> Iterator[tuple[LedgerFile, NoteKey]]:
    """(the ledger's bytes, believed in nothing, and the log's key), for an audit; nothing is computed at opening."""
    place = _found(settings)
    file = LedgerFile(place.ledger)
    try:
        file.stand_still()
        genesis = read(next(file.entries(), (0, b""))[1]).transaction
        origin = genesis.origin if isinstance(genesis, Genesis) else "?"
        yield file, NoteKey(origin, bytes(read_key(place.key).verify_key))
    finally:
        file.close()


class _Place(NamedTuple):
    """Where a ledger lies, and the key of its heads; `node`: whose copy it is, none for an embedded one."""

    ledger: Path
    key: Path
    node: Seat | None


def own_node(settings: Settings) -> Seat | None:
    """The organisation's own node; None where there is none, and the ledger is an embedded one."""
    return None if settings.custody_node is None else read_home(settings.custody_node.expanduser().absolute())


def _place(settings: Settings) -> _Place:
    seat, folder = own_node(settings), custody_folder(settings)
    if seat is None:
        return _Place(folder / "ledger.db", folder / "log.key", None)
    return _Place(seat.ledger, seat.head_key, seat)


def _found(settings: Settings) -> _Place:
    """The same, if there is a ledger."""
    place = _place(settings)
    if place.ledger.is_file():
        return place
    if place.node is not None:
        raise NotFoundError("custody.node_not_begun", folder=str(place.node.home))
    raise NotFoundError("custody.no_ledger", file=place.ledger.name)


def _prepare_beside(installation: Path, folder: Path) -> None:
    """What the platform keeps beside a node's ledger is made when it is opened first."""
    if (folder / "books.db").exists():
        return
    prepare_folder(installation)
    prepare_folder(folder)
    with writing(folder / "persons.key", _PATIENCE):
        if not (folder / "persons.key").exists():
            make_key(folder / "persons.key", SigningKey(secrets.token_bytes(32)))


def begin_custody(
    settings: Settings, origin: str, founders: list[Founder], rules: tuple[Rules, ...], clock: Clock | None = None
) -> NoteKey:
    """Begin a ledger, with keys for its founders that the platform keeps; gives the key of the log."""
    folder, clock = custody_folder(settings), clock or SystemClock()
    _refuse_another(settings)
    prepare_folder(settings.folder)
    prepare_folder(folder)
    ring = KeyRing(folder / "keys")
    members, votes = [], []
    for one in founders:
        vote = ring.make(one.id)
        votes.append(vote)
        keys = [(bytes(vote.verify_key), int(Purpose.TRADE | Purpose.GOVERN | Purpose.HOSTED))]
        if one.kind == "operator":
            approves = ring.make(one.id, real_name=True)
            keys.append((bytes(approves.verify_key), int(Purpose.REAL_NAME | Purpose.HOSTED)))
        members.append(Member(one.id, one.kind, one.name, tuple(keys)))
    genesis = signed(b"", Genesis(origin, tuple(members), rules, int(clock.now().timestamp())), *votes)
    return begin_with(settings, genesis, clock)


def begin_with(settings: Settings, genesis: bytes, clock: Clock | None = None) -> NoteKey:
    """Begin a ledger with a first entry that others have signed; gives the key of the log."""
    _refuse_another(settings)
    folder = custody_folder(settings)
    prepare_folder(folder)
    secret = make_key(folder / "log.key")
    make_key(folder / "persons.key", SigningKey(secrets.token_bytes(32)))
    ledger = SqliteLedger.create(folder / "ledger.db", genesis, secret, clock or SystemClock())
    origin = ledger.machine.origin
    ledger.close()
    return NoteKey(origin, bytes(secret.verify_key))


def _refuse_another(settings: Settings) -> None:
    """There is one ledger to an installation, and that of a node begins with its node."""
    if has_custody(settings):
        raise ConflictError("custody.ledger_exists", file="ledger.db")
    if settings.custody_node is not None:
        raise NotFoundError("custody.node_not_begun", folder=str(settings.custody_node))
