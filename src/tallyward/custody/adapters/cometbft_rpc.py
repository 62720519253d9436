"""Asking a CometBFT node over JSON-RPC: its status, whether a transaction may wait, what its ledger tells."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar

from tallyward.kernel.errors import NotFoundError, UnavailableError

Found = TypeVar("Found")
_MOST_BYTES: Final = 32 << 20
_BATCH: Final = 500
_BATCH_BYTES: Final = 4_000_000
_FOR_THE_BLOCK: Final = 2
"""How a commit marks a vote for the block; other votes are for none, or absent."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """Where a node is. `app_hash`: of the block before the last one; `behind`: it is catching up.

    `time`: of the last block, in seconds since 1970.
    """

    height: int
    app_hash: str
    behind: bool
    time: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a node took a transaction to wait for a block: code 0. `why` not: code and blanks of a refusal, JSON."""

    code: int
    why: str


class CometRpc:
    """One node's JSON-RPC. Refuses with `custody.node_unreachable` what is not answered in time, or by no node."""

    def __init__(self, address: str, seconds: float = 10.0) -> None:
        """`address`: host:port."""
        self.address = address
        self._line = HTTPConnection(address, timeout=seconds)

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()

    def status(self) -> NodeStatus:
        """Where the node is."""
        return self._read(
            lambda found: NodeStatus(
                int(found["latest_block_height"]),
                str(found["latest_app_hash"]).lower(),
                bool(found["catching_up"]),
                _seconds(found["latest_block_time"]),
            ),
            self.call("status").get("sync_info"),
        )

    def block(self) -> tuple[int, str]:
        """(height, hash) of the newest block."""
        return self._read(
            lambda found: (int(found["header"]["height"]), str(found["commit"]["block_id"]["hash"])),
            self.call("commit").get("signed_header"),
        )

    def first(self) -> int:
        """The height of the first block that the node has."""
        return self._read(lambda found: int(found["earliest_block_height"]), self.call("status").get("sync_info"))

    def peers(self) -> int:
        """How many nodes it is connected to."""
        return self._read(int, self.call("net_info").get("n_peers"))

    def validators(self) -> set[str]:
        """Who votes on the next block, as CometBFT names them."""
        found = self.call("validators", per_page="100").get("validators")
        return self._read(lambda rows: {str(one["address"]).lower() for one in rows}, found)

    def votes(self, height: int) -> dict[bytes, int]:
        """Power by public key of those who vote on the block of a height."""
        found = self.call("validators", height=str(height), per_page="100").get("validators")
        return self._read(
            lambda rows: {b64decode(one["pub_key"]["value"]): int(one["voting_power"]) for one in rows}, found
        )

    def signers(self, heights: Sequence[int]) -> list[set[str]]:
        """Who signed the blocks of these heights, as CometBFT names them."""
        asked = [("commit", {"height": str(one)}) for one in heights]
        return [self._read(_signers, one) for one in self._asked(asked)] if asked else []

    def send(self, entries: Sequence[bytes]) -> list[Checked]:
        """Give transactions to wait for a block, in this order; what the node thinks of each.

        CometBFT asks its application about one after the other, some 20 ms each: `post` is for many.
        """
        return self._given("broadcast_tx_sync", entries)

    def post(self, entries: Sequence[bytes]) -> list[Checked]:
        """Give transactions without waiting for what the ledger thinks of them; see `result/` of the application."""
        return self._given("broadcast_tx_async", entries)

    def ask(self, path: str) -> bytes:
        """What the ledger tells (`abci_application`); refuses with `custody.question_unknown`."""
        (found,) = self.ask_all([path])
        if found is None:
            raise NotFoundError("custody.question_unknown", topic=path[:32])
        return found

    def ask_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """What the ledger tells of each; None where it does not know."""
        found: list[bytes | None] = []
        for at in range(0, len(paths), _BATCH):
            asked = [("abci_query", {"path": one}) for one in paths[at : at + _BATCH]]
            found += [self._read(_told, one) for one in self._asked(asked)]
        return found

    def call(self, method: str, **parameters: str) -> dict[str, Any]:
        """The result of one call."""
        (answer,) = self._asked([(method, parameters)])
        result = answer.get("result")
        if not isinstance(result, dict):
            raise self._unreachable(_problem(answer))
        return result

    def _read(self, reader: Callable[[Any], Found], part: object) -> Found:
        """A part of an answer, read; a node that is none of ours answers in another form."""
        try:
            return reader(part)
        except (KeyError, TypeError, ValueError) as error:
            raise self._unreachable("its answer is not understood") from error

    def _unreachable(self, problem: str) -> UnavailableError:
        return UnavailableError("custody.node_unreachable", address=self.address, problem=problem)

    def _given(self, method: str, entries: Sequence[bytes]) -> list[Checked]:
        found: list[Checked] = []
        at = 0
        while at < len(entries):
            end = self._batch_end(entries, at)
            sent = [(method, {"tx": b64encode(one).decode()}) for one in entries[at:end]]
            found += [self._read(_checked, one) for one in self._asked(sent)]
            at = end
        return found

    @staticmethod
    def _batch_end(entries: Sequence[bytes], at: int) -> int:
        size, end = 0, at
        while end < len(entries) and end - at < _BATCH and (end == at or size + len(entries[end]) <= _BATCH_BYTES):
            size += len(entries[end])
            end += 1
        return end

    def _asked(self, calls: Sequence[tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
        body = [{"jsonrpc": "2.0", "id": at, "method": one, "params": values} for at, (one, values) in enumerate(calls)]
        try:
            self._line.request("POST", "/", json.dumps(body), {"Content-Type": "application/json"})
            found = json.loads(self._line.getresponse().read(_MOST_BYTES))
            answers: list[dict[str, Any]] = sorted(
                found if isinstance(found, list) else [found], key=lambda one: int(one["id"])
            )
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            self._line.close()
            raise self._unreachable(str(error)) from error
        if len(answers) != len(calls):
            raise self._unreachable("answers are missing")
        return answers


def _checked(answer: dict[str, Any]) -> Checked:
    result = answer.get("result")
    if result is None:
        return Checked(-1, _problem(answer))
    return Checked(int(result["code"]), str(result["log"]))


def _signers(answer: dict[str, Any]) -> set[str]:
    rows = answer["result"]["signed_header"]["commit"]["signatures"]
    return {str(one["validator_address"]).lower() for one in rows if one["block_id_flag"] == _FOR_THE_BLOCK}


def _seconds(moment: str) -> int:
    """Of a time as RFC 3339 writes it, down to seconds."""
    return int(datetime.fromisoformat(f"{moment[:19]}+00:00").timestamp())


def _told(answer: dict[str, Any]) -> bytes | None:
    response = answer["result"]["response"]
    return None if response["code"] else b64decode(response["value"] or "")


def _problem(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    if not isinstance(error, dict):
        return "its answer is not understood"
    return f"{error.get('message', '')} {error.get('data', '')}".strip()[:200]
