"""How the validators of a ledger do, asked of one node; see `consensus`."""

import json
from hashlib import sha256
from typing import Final

from tallyward.custody.adapters.cometbft_rpc import CometRpc
from tallyward.custody.consensus import Consensus, Vote
from tallyward.custody.node_line import NODE_ID
from tallyward.kernel.errors import UnavailableError

BLOCKS: Final = 20
"""The last blocks whose signatures are counted."""


def consensus(rpc: CometRpc) -> Consensus:
    """What the node sees now; refuses with `custody.node_unreachable`, or `custody.question_unknown` before any block.

    The newest block is left out of the count: its signatures are still coming in when it is made.
    """
    status = rpc.status()
    told = json.loads(rpc.ask("status"))
    signers = rpc.signers(range(max(1, status.height - BLOCKS), status.height))
    try:
        members = {str(key): str(member) for key, member in told["votes"].items()}
        entries, root = int(told["size"]), str(told["root"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnavailableError("custody.node_unreachable", address=rpc.address, problem="none of ours") from error
    votes = []
    for public, power in rpc.votes(status.height).items():
        named = sha256(public).hexdigest()[:NODE_ID]
        signed = [named in one for one in signers]
        votes.append(
            Vote(members.get(public.hex(), ""), public, power, bool(signed and signed[-1]), signed.count(False))
        )
    votes.sort(key=lambda one: (one.member, one.public))
    return Consensus(status.height, status.time, status.behind, rpc.peers(), len(signers), tuple(votes), entries, root)
