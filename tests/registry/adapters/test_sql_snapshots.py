from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select, update

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.registry.adapters import sql_snapshots
from tallyward.registry.adapters.tables import BindingRow, CardRow
from tallyward.registry.columns import Kind
from tallyward.registry.profile_schema import AREAS, BUCKET_CARDS, CELLS, LIMIT_FIELDS, LIST_ENTRIES, PROFILE
from tests.registry.world import FILES, World


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return rows


def test_profiles_say_what_a_card_may_do(world: World, tmp_path: Path) -> None:
    world.take_all()
    snapshot = world.registry.export_profiles(tmp_path)
    assert (snapshot.version, snapshot.cards, list(snapshot.profiles)) == (world.registry.version(), 4, [0])
    first, second, third, fourth = rows_of(snapshot.profiles[0])
    assert (first["card_id"], first["svc_mask"], first["data_mode"], first["sms_mode"]) == (1, 0b011, 1, 1)
    assert (second["svc_mask"], second["data_list"], second["roam_ok"], second["home_area"]) == (0b111, 0, 1, 0)
    assert (third["svc_mask"], third["rn_active"], third["imei_bound"]) == (0b001, 1, 0)
    assert (fourth["rn_active"], fourth["fixed"], fourth["home_cell"]) == (0, 0, 0)
    assert [row["imei_bound"] for row in (first, second)] == [490154203237518, 356938035643809]
    assert first["data_list"] != third["data_list"]  # both are called "net", of two enterprises


def test_limits_are_the_cards_then_the_classs_then_none(world: World, tmp_path: Path) -> None:
    world.take_all()
    rows = rows_of(world.registry.export_profiles(tmp_path).profiles[0])
    limits = [tuple(row[name] for name in LIMIT_FIELDS) for row in rows]
    assert limits == [
        (2_000_000, 30_000_000, 9, None, 2),
        (None,) * 5,
        (2_000_000, 30_000_000, 4, None, 2),
        (None,) * 5,
    ]
    assert [row["own_limits"] for row in rows] == [1 << LIMIT_FIELDS.index("max_peers"), 0, 0, 0]


def test_each_profile_names_its_class(world: World, tmp_path: Path) -> None:
    world.take_all()
    rows = rows_of(world.registry.export_profiles(tmp_path).profiles[0])
    classes = {one.code: one.id for one in world.registry.card_classes()}
    with world.sessions.begin(EVERYTHING) as session:
        of_card = {card: number for card, number in session.execute(select(CardRow.id, CardRow.class_id))}  # noqa: C416
    assert {row["card_id"]: row["card_class"] for row in rows} == of_card
    assert set(of_card.values()) <= set(classes.values())


def test_files_of_another_form_are_written_anew_though_the_registry_is_the_same(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.take_all()
    monkeypatch.setattr(sql_snapshots, "PROFILE_FORM", 1)
    old = world.registry.export_profiles(tmp_path)
    monkeypatch.undo()
    new = world.registry.export_profiles(tmp_path)
    assert new.version == old.version
    assert new.profiles[0].parent != old.profiles[0].parent
    assert new.profiles[0].is_file()


def test_a_limit_of_zero_is_a_limit(world: World, tmp_path: Path) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        session.execute(update(CardRow).where(CardRow.id == 2).values(day_bytes=0, max_imeis=0, month_bytes=2**62))
    second = rows_of(world.registry.export_profiles(tmp_path).profiles[0])[1]
    assert (second["day_bytes"], second["max_imeis"], second["month_bytes"]) == (0, 0, 2**62)
    assert second["own_limits"] == 0b10011


def test_reference_files_have_their_schemas(world: World, tmp_path: Path) -> None:
    world.take_all()
    snapshot = world.registry.export_profiles(tmp_path)
    files = ((snapshot.profiles[0], PROFILE), (snapshot.areas, AREAS), (snapshot.cells, CELLS))
    for file, schema in (*files, (snapshot.list_entries, LIST_ENTRIES)):
        assert pq.read_schema(file).equals(schema), file.name
    assert [(row["code"], row["fraud_prone"]) for row in rows_of(snapshot.areas)] == [("CN-32", False), ("X", True)]
    assert len(rows_of(snapshot.cells)) == 4
    assert ("ipv6", "2001:db8::1") in {(row["kind"], row["text"]) for row in rows_of(snapshot.list_entries)}


def test_each_bucket_has_a_file_and_an_empty_one_has_none(world: World, tmp_path: Path) -> None:
    world.take_all(Kind.CARDS)
    with world.sessions.begin(EVERYTHING) as session:
        for card, moved in ((2, BUCKET_CARDS - 1), (3, BUCKET_CARDS), (4, 3 * BUCKET_CARDS)):
            session.execute(update(CardRow).where(CardRow.id == card).values(id=moved))
    snapshot = world.registry.export_profiles(tmp_path)
    found = {bucket: [row["card_id"] for row in rows_of(file)] for bucket, file in snapshot.profiles.items()}
    assert found == {0: [1, BUCKET_CARDS - 1], 1: [BUCKET_CARDS], 3: [3 * BUCKET_CARDS]}


def test_a_binding_that_has_ended_binds_no_imei(world: World, tmp_path: Path) -> None:
    world.take_all()
    world.registry.unbind(PLATFORM, CardId(1), "broken")
    rows = rows_of(world.registry.export_profiles(tmp_path).profiles[0])
    assert [row["imei_bound"] for row in rows] == [0, 356938035643809, 0, 0]
    with world.sessions.reading(EVERYTHING) as session:
        assert session.get_one(BindingRow, 1).until is not None


def test_a_version_is_written_once_and_the_one_before_is_left(world: World, tmp_path: Path) -> None:
    empty = world.registry.export_profiles(tmp_path)
    assert (empty.cards, empty.profiles, rows_of(empty.areas)) == (0, {}, [])
    world.take_all()
    first = world.registry.export_profiles(tmp_path)
    written = first.areas.stat().st_mtime_ns
    assert world.registry.export_profiles(tmp_path) == first
    assert first.areas.stat().st_mtime_ns == written
    world.registry.set_fraud_prone(PLATFORM, "CN-32", True)
    second = world.registry.export_profiles(tmp_path)
    assert rows_of(second.areas)[0]["fraud_prone"]
    assert not rows_of(first.areas)[0]["fraud_prone"]
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {
        first.areas.parent.name,
        second.areas.parent.name,
    }


def test_the_directory_knows_every_number(world: World) -> None:
    world.take_all()
    directory = world.registry.directory()
    assert directory.cards_by_iccid(["89860000000000000027", "nobody"]).tolist() == [2, 0]
    world.take(Kind.CARDS, FILES[Kind.CARDS].replace("suspended", "none"))
    assert world.registry.directory() is not directory


def test_owners_are_holder_and_operator(world: World) -> None:
    world.take_all()
    ids = {code: world.of(code).scope.enterprise for code in ("a", "b", "op", "op2")}
    owners = world.registry.owners([CardId(card) for card in range(1, 1500)])
    assert owners == {
        1: (ids["a"], ids["op"]),
        2: (ids["a"], ids["op"]),
        3: (ids["b"], ids["op"]),
        4: (ids["b"], ids["op2"]),
    }


def test_holdings_are_holder_operator_and_class(world: World) -> None:
    world.take_all()
    ids = {one.code: one.id for one in world.registry.enterprises(PLATFORM)}
    classes = {one.code: one.id for one in world.registry.card_classes()}
    assert world.registry.holdings([CardId(1), CardId(4), CardId(99)]) == {
        CardId(1): (ids["a"], ids["op"], classes["meter"]),
        CardId(4): (ids["b"], ids["op2"], classes["open"]),
    }
