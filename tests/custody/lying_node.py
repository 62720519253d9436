"""Applications that lie: `python lying_node.py (wrong_root|forged_sale) HOME`."""

import asyncio
import sys
from pathlib import Path

from tallyward.custody.adapters import abci_messages as abci
from tallyward.custody.adapters import abci_server
from tallyward.custody.adapters.abci_application import Application
from tallyward.custody.adapters.abci_messages import ACCEPT, Ask, Request
from tallyward.custody.adapters.abci_wire import read_fields
from tallyward.custody.entry import Signature, entry_of, parse_entry

LIE = sys.argv[1]


class Liar(Application):
    """Tells another root of its log, or proposes what nobody has signed and accepts whatever is proposed."""

    def answer(self, asked: Request) -> bytes:
        """A lie, where it has one."""
        if LIE == "wrong_root" and asked.ask is Ask.FINALIZE_BLOCK:
            (_, body), *_ = read_fields(super().answer(asked))
            assert isinstance(body, bytes)
            *rest, (_, root) = read_fields(body)
            assert isinstance(root, bytes)
            results = [value for number, value in rest if number == 2 and isinstance(value, bytes)]
            return abci.answer(asked.ask, abci.finalized(results, {}, root[::-1] if asked.number(5) > 2 else root))
        if LIE == "forged_sale" and asked.ask is Ask.PREPARE_PROPOSAL:
            honest = asked.all(2)
            return abci.answer(asked.ask, abci.proposal([*honest, *map(forged, honest)]))
        if LIE == "forged_sale" and asked.ask is Ask.PROCESS_PROPOSAL:
            return abci.answer(asked.ask, abci.verdict(ACCEPT))
        return super().answer(asked)


def forged(data: bytes) -> bytes:
    """The same words with a signature that nobody made."""
    one = parse_entry(data)
    return entry_of(one.body, (Signature(one.signatures[0].key, bytes(64)),))


asyncio.run(abci_server.run(Path(sys.argv[2]), Liar))
