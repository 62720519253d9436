"""Who keeps the card ledger going, as the console asks for it."""

from contextlib import closing
from typing import Final

from tallyward.console.custody_health import OwnNode, WitnessSeen
from tallyward.custody.adapters.cometbft_health import consensus
from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.cosigning import CustodyCosigning
from tallyward.wiring.custody.ledger import own_node
from tallyward.wiring.settings import Settings

_PATIENCE: Final = 2.0
"""Seconds that a page waits for one answer of the node."""


class CustodyHealthBoard:
    """See `console.ports.CustodyHealth`."""

    def __init__(self, settings: Settings, cosigning: CustodyCosigning) -> None:
        """Nothing is asked yet."""
        self._settings = settings
        self._cosigning = cosigning

    def witnesses(self) -> list[WitnessSeen]:
        """Those that are asked to sign each new head."""
        return [WitnessSeen(one.name, one.key, one.size, one.at, one.problem) for one in self._cosigning.states()]

    def node(self) -> OwnNode | None:
        """The organisation's own node; None where the ledger is an embedded one."""
        seat = own_node(self._settings)
        if seat is None:
            return None
        with closing(CometRpc(seat.address, _PATIENCE)) as rpc:
            try:
                return OwnNode(seat.name, consensus(rpc))
            except TallywardError:
                return OwnNode(seat.name, None)  # it starts, is too busy, or is down: the page says that
