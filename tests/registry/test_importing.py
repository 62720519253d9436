import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.kernel.errors import ForbiddenError, InvalidError, TallywardError
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.columns import Kind
from tallyward.registry.importing import _SeenKeys
from tallyward.registry.model import FunctionMode, PeerKind, RealName
from tests.registry.world import FILES, ICCIDS, World, codes

CARDS = FILES[Kind.CARDS]


def test_a_whole_fleet_goes_in(world: World) -> None:
    world.take_all()
    card = world.registry.find_card(PLATFORM, ICCIDS[0])
    assert card is not None
    assert (card.id, card.data.mode, card.sms.mode) == (1, FunctionMode.DIRECTED, FunctionMode.DIRECTED)
    assert (card.fixed, card.roaming, card.real_name, card.limits.max_peers) == (True, False, RealName.ACTIVE, 9)
    lists = {(owner.enterprise, owner.code): owner for owner in world.registry.group_lists(PLATFORM)}
    assert card.data.list is not None
    assert world.registry.group_list(PLATFORM, card.data.list).entries == (
        (PeerKind.APN, "iot.example"),
        (PeerKind.IPV4, "10.1.0.0/16"),
    )
    assert len(lists) == 3
    bound = world.registry.bindings(PLATFORM, CardId(2))
    assert [(binding.terminal, binding.until is None, binding.reason) for binding in bound] == [
        (bound[0].terminal, True, "moved"),
        (bound[1].terminal, False, "first fitted"),
    ]


def test_an_enterprise_is_at_home_in_an_area_that_is_there(world: World) -> None:
    world.take_all()
    known = {area.code: area.id for area in world.registry.areas()}
    code = min(known)
    report = world.take(Kind.ENTERPRISES, f"code,name,kind,area\na,A,industry_user,{code}\nb,B,reseller,nowhere\n")
    assert [(one.line, one.field, one.code) for one in report.rejected] == [(3, "area", "registry.unknown_reference")]
    assert {one.code: one.area for one in world.registry.enterprises(PLATFORM) if one.area} == {"a": known[code]}
    file = world.folder / "enterprises.csv"
    world.bulk.export_table(PLATFORM, Kind.ENTERPRISES, file)
    assert f'"a","A","industry_user","{code}"' in file.read_text(encoding="utf-8")
    world.take(Kind.ENTERPRISES, "code,name,kind\na,A,industry_user\n")
    assert not any(one.area for one in world.registry.enterprises(PLATFORM))


def test_the_same_files_twice_change_nothing(world: World) -> None:
    world.take_all()
    version = world.registry.version()
    for kind, text in FILES.items():
        report = world.take(kind, text)
        assert (report.added, report.changed, report.rejected_count) == (0, 0, 0), kind
        assert report.unchanged == text.count("\n") - 1
    assert world.registry.version() == version


def test_an_import_is_one_entry_of_the_audit_log_with_its_counts(world: World) -> None:
    world.take_all()
    newest = world.audit.page(EVERYTHING, PageRequest(limit=2)).rows[1]
    assert (newest.action, newest.subject) == ("registry.import", "file cards.csv")
    assert newest.detail == {"kind": "cards", "file": "cards.csv", "added": 4, "changed": 0}


BAD = [
    ("iccid", "89860000000000000010", "kernel.iccid_check_digit"),
    ("iccid", "8.98603E+19", "registry.spreadsheet_number"),
    ("iccid", "", "registry.cell_empty"),
    ("imsi", "46000x", "kernel.imsi_form"),
    ("msisdn", "0123", "kernel.msisdn_form"),
    ("operator", "nobody", "registry.unknown_reference"),
    ("operator", "a", "registry.not_an_operator"),
    ("enterprise", "", "registry.cell_empty"),
    ("card_class", "gold", "registry.unknown_reference"),
    ("voice", "loud", "registry.choice"),
    ("voice_list", "net", "registry.list_not_wanted"),
    ("sms_list", "", "registry.list_needed"),
    ("data_list", "missing", "registry.unknown_reference"),
    ("roaming", "maybe", "registry.flag_form"),
    ("home_area", "CN-99", "registry.unknown_reference"),
    ("home_cell", "460-00-1", "registry.cgi_form"),
    ("home_cell", "460-00-1-99", "registry.unknown_reference"),
    ("real_name", "perhaps", "registry.choice"),
    ("max_peers", "4294967296", "registry.count_form"),
    ("max_peers", "-1", "registry.count_form"),
]


@pytest.mark.parametrize(("field", "value", "code"), BAD)
def test_a_bad_row_is_told_and_the_others_are_taken(sqlite_world: World, field: str, value: str, code: str) -> None:
    sqlite_world.take_all(Kind.TERMINALS)
    header, first, *rest = CARDS.splitlines()
    cells = first.split(",")
    cells[header.split(",").index(field)] = value
    report = sqlite_world.take(Kind.CARDS, "\n".join([header, *rest[:2], ",".join(cells), rest[2]]) + "\n")
    assert codes(report) == [(4, field, code)]
    assert report.rejected[0].value == value
    assert (report.added, report.rejected_count) == (3, 1)
    for language in LANGUAGES:
        sentence = report.rejected[0].refusal().sentence(language)
        assert "{" not in sentence
        assert "registry." not in sentence


def test_a_row_is_told_with_all_its_bad_cells_and_counted_once(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.TERMINALS)
    report = sqlite_world.take(Kind.CARDS, CARDS.replace("460000000000001,8614400000001,op,", "1,2,3,"))
    assert codes(report) == [
        (2, "imsi", "kernel.imsi_form"),
        (2, "msisdn", "kernel.msisdn_form"),
        (2, "operator", "registry.unknown_reference"),
    ]
    assert report.rejected_count == 1


def test_lines_that_are_no_rows_are_told_with_their_line(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.TERMINALS)
    header, *rows = CARDS.splitlines()
    lines = [header, rows[0], "", "one,two", rows[1], '"open quote' + rows[2], ",,,", rows[3], "", ""]
    text = "\r\n".join(lines).encode() + b"\xff\xfe\n"
    report = sqlite_world.take(Kind.CARDS, text)
    assert codes(report) == [
        (4, "", "registry.row_columns"),
        (6, "", "registry.row_quotes"),
        (7, "", "registry.row_columns"),
        (10, "", "registry.row_encoding"),
    ]
    assert (report.added, report.rejected_count) == (3, 4)


def test_a_key_stands_once_in_a_file(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    report = world.take(Kind.CARDS, CARDS + CARDS.splitlines()[1].replace("op,a", "op,b") + "\n")
    assert codes(report) == [(6, "iccid", "registry.repeated_key")]


def test_gateways_may_come_later_in_the_file(world: World) -> None:
    text = FILES[Kind.TERMINALS] + "T-9,a,public,4g,,,,,,,,NOWHERE\n"
    world.take_all(Kind.GROUP_LISTS)
    report = world.take(Kind.TERMINALS, text)
    assert codes(report) == [(7, "gateway", "registry.unknown_reference")]
    assert report.added == 5
    again = world.take(Kind.TERMINALS, text)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 5)


def test_people_of_one_enterprise_import_their_own_rows_only(world: World) -> None:
    world.take_all()
    a = world.of("a")
    with pytest.raises(ForbiddenError, match=r"registry\.platform_only"):
        world.take(Kind.CELLS, FILES[Kind.CELLS], a)
    report = world.take(Kind.CARDS, CARDS.replace("active", "suspended"), a)
    assert codes(report) == [(4, "enterprise", "registry.not_yours"), (5, "enterprise", "registry.not_yours")]
    assert report.changed == 1
    seized = CARDS.splitlines()[0] + f"\n{ICCIDS[2]},460000000000077,,op,a,open,open,,open,,open,,,,,,,\n"
    report = world.take(Kind.CARDS, seized, a)
    assert codes(report) == [(2, "iccid", "registry.number_taken")]
    assert world.take(Kind.CARDS, seized, world.of("op")).changed == 1


def test_progress_ends_at_the_whole(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.TERMINALS)
    file = sqlite_world.folder / "cards.csv"
    file.write_text(CARDS, encoding="utf-8")
    seen: list[tuple[int, int]] = []
    sqlite_world.bulk.import_table(PLATFORM, Kind.CARDS, file, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (file.stat().st_size, file.stat().st_size)


def test_a_truncated_parquet_file_is_refused_and_changes_nothing(sqlite_world: World) -> None:
    whole = sqlite_world.folder / "whole.parquet"
    pq.write_table(pa.table({"code": ["x"] * 1000, "name": ["x"] * 1000, "kind": ["vendor"] * 1000}), whole)
    file = sqlite_world.folder / "cut.parquet"
    file.write_bytes(whole.read_bytes()[:-10])
    with pytest.raises(InvalidError, match=r"registry\.file_parquet"):
        sqlite_world.bulk.import_table(PLATFORM, Kind.ENTERPRISES, file)
    assert sqlite_world.registry.version() == 0


@pytest.mark.parametrize("size", [1 << 30, 9 << 30])
def test_a_file_of_zeros_is_refused_at_once(sqlite_world: World, size: int) -> None:
    file = sqlite_world.folder / "zeros.csv"
    with file.open("wb") as out:
        out.truncate(size)
    before = os.times().user
    with pytest.raises(TallywardError, match=r"registry\.file_(binary|too_large)"):
        sqlite_world.bulk.import_table(PLATFORM, Kind.CARDS, file)
    assert os.times().user - before < 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "bb", "b", "éé", "c" * 30, "0", "00"]), max_size=6), max_size=6))
def test_a_key_is_new_exactly_once(blocks: list[list[str]]) -> None:
    keys = _SeenKeys()
    seen: set[str] = set()
    for block in blocks:
        again = keys.again(pa.array(block, pa.string())).tolist()
        expected = []
        for key in block:
            expected.append(key in seen)
            seen.add(key)
        assert again == expected


def test_a_missing_file_is_told(sqlite_world: World) -> None:
    with pytest.raises(InvalidError, match=r"registry\.file_missing"):
        sqlite_world.bulk.import_table(PLATFORM, Kind.CARDS, Path("/nowhere/cards.csv"))
