"""`tallyward custody`: the ledger of who holds which card."""

from tallyward.cli.custody_network import network
from tallyward.cli.root import tallyward
from tallyward.cli.speech import told


@tallyward.group("custody", help=told("custody.help"))
def custody() -> None:
    """Name the group."""


custody.add_command(network)
