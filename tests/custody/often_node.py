"""A node that keeps a snapshot again and again: `python often_node.py HOME`."""

import asyncio
import sys
from pathlib import Path

from tallyward.custody.adapters import abci_server, sqlite_ledger

sqlite_ledger._SNAPSHOT = 10, 8  # type: ignore[misc]
asyncio.run(abci_server.run(Path(sys.argv[1])))
