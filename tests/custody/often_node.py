"""A node that keeps a snapshot again and again, of small chunks: `python often_node.py [spoilt] HOME`.

A spoilt one sends late members what it did not promise them.
"""

import asyncio
import sys
from pathlib import Path

from tallyward.custody.adapters import abci_messages as abci
from tallyward.custody.adapters import abci_server, copy_offered, sqlite_ledger
from tallyward.custody.adapters.abci_application import Application
from tallyward.custody.adapters.abci_messages import Ask, Request

vars(sqlite_ledger)["_SNAPSHOT"] = 10, 8
vars(copy_offered)["CHUNK"] = 200


class Spoiler(Application):
    """Sends spoilt chunks."""

    def answer(self, asked: Request) -> bytes:
        """A lie, where it has one."""
        if asked.ask is Ask.LOAD_SNAPSHOT_CHUNK:
            return abci.answer(asked.ask, abci.chunk(b"spoilt"))
        return super().answer(asked)


asyncio.run(abci_server.run(Path(sys.argv[-1]), Spoiler if "spoilt" in sys.argv else Application))
