"""Answers questions about credit: allowed, noted, then told. One book serves all questions of its height."""

from collections.abc import Mapping

from nacl.signing import SigningKey

from tallyward.custody.credit import Credit, credit
from tallyward.custody.credit_factors import FactorBook
from tallyward.custody.credit_present import Present
from tallyward.custody.credit_statement import sign, stated
from tallyward.custody.credit_terms import TERMS, Terms
from tallyward.custody.look_ups import LookUp, ground
from tallyward.custody.ports import LookUpLog


class CreditDesk:
    """Of a ledger at a height. `root`: of the log's first `book.size` entries; `links`: see `credit`."""

    def __init__(
        self,
        book: FactorBook,
        root: bytes,
        log: LookUpLog,
        secret: SigningKey,
        *,
        terms: Terms = TERMS,
        links: Mapping[str, str] | None = None,
        lasts: int = 86_400,
    ) -> None:
        """`lasts`: for how many seconds an answer may be used."""
        self._book = book
        self._root = root
        self._log = log
        self._secret = secret
        self._terms = terms
        self._links = links
        self._lasts = lasts
        self._present = Present(book)

    def ask(self, asker: str, about: str, now: int) -> tuple[Credit, bytes]:
        """(credit, signed statement); refuses as `look_ups.ground` does. It is noted before it is given out."""
        book = self._book
        why = ground(book.machine.state, asker, about, now)
        found = credit(book, about, present=self._present, terms=self._terms, links=self._links)
        one = stated(found, book.machine.id, self._root, self._terms, now, now + self._lasts)
        self._log.add(LookUp(asker, about, why, now, book.size, found.score))
        return found, sign(one, self._secret)
