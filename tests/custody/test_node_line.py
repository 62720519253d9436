"""Lines of nodes come from others: one form, and nothing else goes on into settings."""

import pytest

from tallyward.custody.node_line import NodeLine, parse_line, parse_lines, peer_of, place
from tallyward.kernel.errors import TallywardError

ID = "0a" * 20
ONE = NodeLine("OP", b"k" * 32, f"{ID}@op.example:26656")


def test_a_line_is_read_as_it_was_told() -> None:
    for one in (ONE, ONE._replace(member="two words"), ONE._replace(peer=f"{ID}@[::1]:1")):
        assert parse_line(f" {one.text()}\n") == one
    assert parse_lines([ONE.text(), "", ONE._replace(member="B", vote=b"b" * 32).text()])[1].member == "B"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "OP",
        f"OP {'6b' * 31} {ONE.peer}",
        f"OP {'6b' * 32} {ID}@op.example",
        f"OP {'zz' * 32} {ONE.peer}",
        f"{'x' * 65} {'6b' * 32} {ONE.peer}",
        f"O\x07P {'6b' * 32} {ONE.peer}",
    ],
)
def test_what_is_no_line(line: str) -> None:
    with pytest.raises(TallywardError, match="node_line"):
        parse_line(line)


def test_each_organisation_and_each_key_once() -> None:
    for other in (ONE._replace(vote=b"b" * 32), ONE._replace(member="B")):
        with pytest.raises(TallywardError, match="node_twice"):
            parse_lines([ONE.text(), other.text()])


def test_a_peer_by_address_or_line() -> None:
    assert peer_of(ONE.text()) == peer_of(ONE.peer) == ONE.peer
    for words in (
        "",
        ID,
        f"{ID}@host:0",
        f"{ID}@host:70000",
        f'{ID}@ho"st:1',
        f"{ID}@a:1,{ID}@b:2",
        f"{ID[2:]}@host:1",
    ):
        with pytest.raises(TallywardError, match="node_address"):
            peer_of(words)


def test_a_place_is_a_host_and_a_port() -> None:
    for words in ("127.0.0.1:1", "op.example:65535", "[fe80::1]:26656", "a:1"):
        assert place(words) == words
    for words in ("", "host", ":1", "-a:1", "a-:1", "::1:1", 'a"\n:1', "a:99999", "a:1\n"):
        with pytest.raises(TallywardError, match="node_address"):
            place(words)
