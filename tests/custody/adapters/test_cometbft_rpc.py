"""A node's JSON-RPC: in batches, in order, and whatever else answers is refused in words."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tallyward.custody.adapters.cometbft_rpc import Checked, CometRpc, NodeStatus
from tallyward.kernel.errors import TallywardError

Answer = Callable[[Any], bytes]


@contextmanager
def node(answer: Answer) -> Iterator[CometRpc]:
    """Something that answers as a node would, or not."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    rpc = CometRpc(f"127.0.0.1:{server.server_port}", 5)
    try:
        yield rpc
    finally:
        rpc.close()
        server.shutdown()
        thread.join()
        server.server_close()


def results(*values: object) -> Answer:
    """One result for each call of a batch, told in another order."""

    def say(asked: list[dict[str, Any]]) -> bytes:
        found = [{"jsonrpc": "2.0", "id": one["id"], "result": values[at]} for at, one in enumerate(asked)]
        return json.dumps(found[::-1] if len(found) > 1 else found[0]).encode()

    return say


def test_where_a_node_is() -> None:
    sync = {"latest_block_height": "12", "latest_app_hash": "AB", "catching_up": True}
    sync |= {"latest_block_time": "2026-03-01T00:00:01.123456789Z"}
    with node(results({"sync_info": sync})) as rpc:
        assert rpc.status() == NodeStatus(12, "ab", behind=True, time=1772323201)
    with node(results({"n_peers": "3"})) as rpc:
        assert rpc.peers() == 3
    with node(results({"validators": [{"address": "AB"}, {"address": "cd"}]})) as rpc:
        assert rpc.validators() == {"ab", "cd"}
    vote = {"pub_key": {"type": "tendermint/PubKeyEd25519", "value": b64encode(b"k").decode()}, "voting_power": "2"}
    with node(results({"validators": [vote]})) as rpc:
        assert rpc.votes(7) == {b"k": 2}


def test_who_signed_blocks() -> None:
    def commit(*flags: int) -> dict[str, object]:
        rows = [{"block_id_flag": flag, "validator_address": f"A{at}"} for at, flag in enumerate(flags)]
        return {"signed_header": {"commit": {"signatures": rows}}}

    with node(results(commit(2, 1, 3), commit(2, 2, 1))) as rpc:
        assert rpc.signers([4, 5]) == [{"a0"}, {"a0", "a1"}]
        assert rpc.signers([]) == []
    with node(results({}, {})) as rpc, pytest.raises(TallywardError, match="node_unreachable"):
        rpc.signers([4, 5])


def test_the_newest_block_and_the_first_one() -> None:
    signed = {"header": {"height": "12"}, "commit": {"block_id": {"hash": "AB"}}}
    with node(results({"signed_header": signed})) as rpc:
        assert rpc.block() == (12, "AB")
    with node(results({"sync_info": {"earliest_block_height": "9"}})) as rpc:
        assert rpc.first() == 9
        with pytest.raises(TallywardError, match="node_unreachable"):
            rpc.block()


def test_transactions_are_sent_in_batches_and_answered_in_their_order() -> None:
    seen: list[list[bytes]] = []

    def say(asked: list[dict[str, Any]]) -> bytes:
        seen.append([b64decode(one["params"]["tx"]) for one in asked])
        found = [
            {"id": one["id"], "error": {"code": -32603, "message": "Internal error", "data": "tx already exists"}}
            if b64decode(one["params"]["tx"]) == b"known"
            else {"id": one["id"], "result": {"code": len(b64decode(one["params"]["tx"])) % 7, "log": "why"}}
            for one in asked
        ]
        return json.dumps(found[::-1]).encode()

    entries = [b"x" * (at % 7) for at in range(700)] + [b"known", b"y" * 3_000_000, b"z" * 3_000_000]
    with node(say) as rpc:
        found = rpc.send(entries)
        assert rpc.post(entries[700:]) == found[700:]
    assert [one.code for one in found] == [*(at % 7 for at in range(700)), -1, 3_000_000 % 7, 3_000_000 % 7]
    assert found[700] == Checked(-1, "Internal error tx already exists")
    assert [len(one) for one in seen] == [500, 202, 1, 2, 1]
    assert [data for batch in seen for data in batch] == entries + entries[700:]


def test_what_the_ledger_tells() -> None:
    with node(results({"response": {"code": 0, "value": b64encode(b"head").decode()}})) as rpc:
        assert rpc.ask("head") == b"head"
    with node(results({"response": {"code": 4, "value": None}})) as rpc, pytest.raises(TallywardError) as caught:
        rpc.ask("x")
    assert caught.value.code == "custody.question_unknown"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"5",
        b"[]",
        b"{}",
        b'[{"id": "x"}]',
        b'{"id": 0, "error": {"message": "no"}}',
        b"[[]]",
        b'{"id": 0, "result": {}}',
        b'{"id": 0, "result": {"sync_info": {"latest_block_height": "x"}}}',
        b'{"id": 0, "result": []}',
    ],
)
def test_what_is_no_node(body: bytes) -> None:
    with node(lambda _: body) as rpc, pytest.raises(TallywardError) as caught:
        rpc.status()
    assert caught.value.code == "custody.node_unreachable"


def test_nobody_answers() -> None:
    rpc = CometRpc("127.0.0.1:1", 2)
    with pytest.raises(TallywardError, match="node_unreachable"):
        rpc.status()
