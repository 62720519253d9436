import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.block import Block, Numbered, References
from tallyward.registry.bulk import peer_text, read_block, repeats
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.model import EnterpriseKind, PeerKind
from tallyward.registry.report import Problems, RowProblem

REFERENCES = References(
    enterprises=Numbered(pa.array(["op", "a"]), np.array([1, 2])),
    kinds={1: EnterpriseKind.OPERATOR, 2: EnterpriseKind.INDUSTRY_USER},
    classes=Numbered(pa.array(["meter"]), np.array([4])),
    lists={(2, "net"): 7, (1, "net"): 8, (1, "common"): 9},
    cards=Numbered(
        pa.array(["89860000000000000019", "89860000000000000027"]), np.array([1, 2]), np.array([2, 2]), np.array([1, 1])
    ),
    terminals=Numbered(pa.array(["T-1", "T-2"]), np.array([21, 22])),
)


def read(kind: Kind, *rows: dict[str, str]) -> tuple[dict[str, list[object]], list[RowProblem]]:
    """Database columns and problems of some rows."""
    texts = {column.name: pa.array([row.get(column.name) for row in rows], pa.string()) for column in COLUMNS[kind]}
    problems = Problems()
    found = read_block(kind, Block(texts, np.arange(2, len(rows) + 2)), REFERENCES, EVERYTHING, problems)
    return {name: values.to_pylist() for name, values in found.columns.items()}, problems.kept


CARD = {
    "iccid": "89860000000000000019",
    "imsi": "460000000000001",
    "operator": "op",
    "enterprise": "a",
    "card_class": "meter",
    "voice": "none",
    "sms": "open",
    "data": "directed",
    "data_list": "net",
}


def test_a_card_takes_its_holders_list_before_the_operators() -> None:
    rows, problems = read(Kind.CARDS, CARD, {**CARD, "data_list": "common"}, {**CARD, "enterprise": "op"})
    assert not problems
    assert rows["data_list"] == [7, 9, 8]
    assert (rows["data_mode"], rows["sms_mode"], rows["voice_mode"]) == ([1] * 3, [2] * 3, [0] * 3)
    assert (rows["real_name"], rows["roaming"], rows["fixed"]) == (["none"] * 3, [False] * 3, [False] * 3)


def test_a_list_is_told_once_where_the_holder_is_unknown() -> None:
    _, problems = read(Kind.CARDS, {**CARD, "enterprise": "nobody"})
    assert [(one.field, one.code) for one in problems] == [("enterprise", "registry.unknown_reference")]


def test_a_place_needs_both_degrees() -> None:
    terminal = {"serial": "T", "enterprise": "a", "usage": "public", "access": "4g", "latitude": "1.5"}
    rows, problems = read(Kind.TERMINALS, terminal, {**terminal, "longitude": "2"})
    assert [(one.line, one.field, one.code) for one in problems] == [(2, "longitude", "registry.half_a_place")]
    assert (rows["latitude"], rows["vendor"], rows["fixed"]) == ([1.5], [""], [False])


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        (PeerKind.IPV4, "10.0.0.0/8", "10.0.0.0/8"),
        (PeerKind.IPV4, "10.0.0.1/32", "10.0.0.1"),
        (PeerKind.IPV4, "10.0.0.1/8", None),
        (PeerKind.IPV4, "10.0.0.256", None),
        (PeerKind.IPV6, "2001:DB8:0::1", "2001:db8::1"),
        (PeerKind.IPV6, "2001:db8::/32", None),
        (PeerKind.NUMBER, "+8613800000000", "8613800000000"),
        (PeerKind.NUMBER, "10", None),
        (PeerKind.APN, "IoT.Example", "iot.example"),
        (PeerKind.APN, "-apn", None),
    ],
)
def test_a_peer_is_written_in_one_way(kind: PeerKind, text: str, written: str | None) -> None:
    assert peer_text(kind, text) == written


def test_an_open_binding_lasts_until_the_cards_next_in_the_file() -> None:
    iccid = "89860000000000000019"
    rows, problems = read(
        Kind.BINDINGS,
        {"iccid": iccid, "serial": "T-1", "since": "2026-01-02T00:00:00Z"},
        {"iccid": "89860000000000000027", "serial": "T-2", "since": "2026-01-01T12:00:00Z"},
        {"iccid": iccid, "serial": "T-2", "since": "2026-01-01T00:00:00Z"},
        {"iccid": iccid, "serial": "T-2", "since": "2025-01-01T00:00:00Z", "until": "2025-02-01T00:00:00Z"},
        {"iccid": iccid, "serial": "T-2", "since": "2024-01-01T00:00:00Z", "until": "2023-02-01T00:00:00Z"},
    )
    assert [(one.line, one.code) for one in problems] == [(6, "registry.until_before_since")]
    assert rows["until"] == [None, None, rows["since"][0], 1738368000]
    assert rows["open_ended"] == [1, 1, 1, 0]
    assert rows["terminal_id"] == [21, 22, 22, 22]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", None])))
def test_only_what_stood_before_repeats(values: list[str | None]) -> None:
    expected = [value is not None and value in values[:at] for at, value in enumerate(values)]
    assert repeats(pa.array(values, pa.string())).tolist() == expected
