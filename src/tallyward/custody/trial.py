"""A ledger to try a network with: organisations that govern, trade and validate, each with keys of its own. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from nacl.signing import SigningKey

from tallyward.custody.authority import Purpose
from tallyward.custody.fields import Member, Rules
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Genesis

KINDS: Final = ("operator", "reseller", "retail", "regulator")
RULES: Final = Rules(
    "trial", (("operator", "reseller"), ("reseller", "retail"), ("operator", "retail")), ("retail",), 6, 10
)
_TRADES: Final = Purpose.TRADE | Purpose.GOVERN | Purpose.REAL_NAME


class Organisation(NamedTuple):
    """A member of the trial. `sign`: its key for trade, real names and government; `vote`: for blocks."""

    name: str
    sign: SigningKey
    vote: SigningKey

    def member(self, kind: str) -> Member:
        """As the ledger knows it."""
        keys = ((bytes(self.sign.verify_key), int(_TRADES)), (bytes(self.vote.verify_key), int(Purpose.VALIDATE)))
        return Member(self.name, kind, self.name, keys)


def trial_genesis(origin: str, organisations: Sequence[Organisation], time: int) -> bytes:
    """The first entry: an operator, a reseller, a point of sale, a regulator, and so on again."""
    members = tuple(one.member(KINDS[at % len(KINDS)]) for at, one in enumerate(organisations))
    return signed(b"", Genesis(origin, members, (RULES,), time), *(one.sign for one in organisations))
