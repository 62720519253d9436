"""What one member tells the others of its node, as a line of text: member, key to validate with, address. Pure.

OP 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29 7a0c…@op.example:26656
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from tallyward.custody.codec import MalformedError
from tallyward.custody.fields import HASH, text
from tallyward.kernel.errors import ConflictError, InvalidError

NODE_ID: Final = 40
"""Hex digits by which CometBFT names a key."""
_HOST: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
_PLACE: Final = re.compile(rf"({_HOST}):([0-9]{{1,5}})")
_PEER: Final = re.compile(rf"[0-9a-f]{{{NODE_ID}}}@(.+)")
_MOST_PORT: Final = 65535


class NodeLine(NamedTuple):
    """A node. `vote`: the public half of its key to validate with; `peer`: ID@HOST:PORT, how other nodes reach it."""

    member: str
    vote: bytes
    peer: str

    def text(self) -> str:
        """As it is handed to others."""
        return f"{self.member} {self.vote.hex()} {self.peer}"


def parse_line(line: str) -> NodeLine:
    """A line; refuses with `custody.node_line`."""
    parts = line.strip().rsplit(None, 2)
    try:
        member, vote, peer = parts
        found = NodeLine(text(member), bytes.fromhex(vote), peer_of(peer))
    except (ValueError, MalformedError, InvalidError):
        raise InvalidError("custody.node_line", line=line.strip()[:160]) from None
    if len(found.vote) != HASH:
        raise InvalidError("custody.node_line", line=line.strip()[:160])
    return found


def parse_lines(lines: Iterable[str]) -> tuple[NodeLine, ...]:
    """Lines of several nodes, blank ones left out; two of one member or key are refused with `custody.node_twice`."""
    found = tuple(parse_line(one) for one in lines if one.strip())
    for place, one in enumerate(found):
        if any(one.member == other.member or one.vote == other.vote for other in found[:place]):
            raise ConflictError("custody.node_twice", member=one.member)
    return found


def peer_of(words: str) -> str:
    """How a node is reached, by ID@HOST:PORT or by its whole line; refuses with `custody.node_address`."""
    peer = words.strip().rpartition(" ")[2]
    found = _PEER.fullmatch(peer)
    if found is None:
        raise InvalidError("custody.node_address", address=peer[:160])
    place(found[1])
    return peer


def place(words: str) -> str:
    """A HOST:PORT; refuses with `custody.node_address`. A host of IPv6 stands in brackets."""
    found = _PLACE.fullmatch(words)
    if found is None or not 0 < int(found[2]) <= _MOST_PORT:
        raise InvalidError("custody.node_address", address=words[:160])
    return words
