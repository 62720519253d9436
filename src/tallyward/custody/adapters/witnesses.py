"""Several witnesses asked at once, and their cosignatures merged onto one head."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, NamedTuple

from tallyward.custody.checkpoint import NoteSignature, SignedCheckpoint
from tallyward.custody.ports import CosigningWitness, Ledger
from tallyward.kernel.errors import TallywardError

_AT_ONCE: Final = 8


class Cosigned(NamedTuple):
    """A head with all cosignatures that were got, and why the other witnesses gave none, by name."""

    head: SignedCheckpoint
    refused: dict[str, TallywardError]


class Witnesses:
    """Asks them; one that is slow, gone or hostile keeps none of the others from signing."""

    def __init__(self, witnesses: Sequence[CosigningWitness]) -> None:
        """Of files and addresses alike."""
        self._witnesses = witnesses

    def cosigned(self, ledger: Ledger) -> Cosigned:
        """The newest head of a ledger, with what the witnesses say to it."""
        head, one_at_a_time = ledger.head(), threading.Lock()

        def proof_from(old: int) -> list[bytes]:
            with one_at_a_time:
                return ledger.consistency(old, head.head.size)

        def asked(witness: CosigningWitness) -> NoteSignature | TallywardError:
            try:
                return witness.cosign(head, proof_from)
            except TallywardError as error:
                return error

        with ThreadPoolExecutor(min(_AT_ONCE, len(self._witnesses) or 1)) as pool:
            answers = [pool.submit(partial(asked, one)) for one in self._witnesses]
        refused: dict[str, TallywardError] = {}
        signed = head
        for witness, answer in zip(self._witnesses, (one.result() for one in answers), strict=True):
            if isinstance(answer, TallywardError):
                refused[witness.key.name] = answer
            else:
                signed = signed.with_signature(answer)
        return Cosigned(signed, refused)
