from pathlib import Path

import pyarrow.parquet as pq

from tallyward.registry.profile_schema import AREAS, CELLS, LIMIT_FIELDS, LIST_ENTRIES, PROFILE
from tallyward.simulate.columns import NOT_SET, Cards
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.products import PRODUCTS
from tallyward.simulate.profiles import profile_table, write_reference


def test_profiles_tell_limits_of_card_else_class(fleet: Fleet, cards: Cards) -> None:
    table = profile_table(fleet, cards)
    assert table.schema == PROFILE
    table.validate(full=True)
    for at, row in enumerate(table.slice(0, 500).to_pylist()):
        assert (row["card_id"], row["card_class"]) == (cards.number[at], cards.product[at] + 1)
        for bit, name in enumerate(LIMIT_FIELDS):
            own = int(cards.own[bit, at])
            assert bool(row["own_limits"] >> bit & 1) == (own != NOT_SET)
            assert row[name] == (own if own != NOT_SET else getattr(PRODUCTS[int(cards.product[at])].limits, name))


def test_service_masks_and_lists_follow_the_modes(fleet: Fleet, cards: Cards) -> None:
    for row in profile_table(fleet, cards).slice(0, 500).to_pylist():
        for bit, name in enumerate(("data", "sms", "voice")):
            assert bool(row["svc_mask"] >> bit & 1) == (row[f"{name}_mode"] != 0)
            assert (row[f"{name}_list"] > 0) == (row[f"{name}_mode"] == 1)


def test_reference_files_have_the_documented_columns(fleet: Fleet, tmp_path: Path) -> None:
    snapshot = write_reference(fleet, tmp_path)
    for path, schema in ((snapshot.list_entries, LIST_ENTRIES), (snapshot.areas, AREAS), (snapshot.cells, CELLS)):
        assert pq.read_schema(path).equals(schema)
    cells = pq.read_table(snapshot.cells)["cell"].to_pylist()
    assert cells == list(range(1, len(cells) + 1))
