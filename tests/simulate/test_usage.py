from tallyward.records.schema import TAG_SHIFT, UNKNOWN_CELL_BASE, USAGE, Quality, SubscriberTag, tile_of
from tallyward.simulate.columns import Cards, Records
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.strangers import make_strangers
from tallyward.simulate.usage import usage_of_cards, usage_of_strangers

U32 = (1 << 32) - 1


def test_rows_are_those_of_the_schema_in_the_order_of_segments(fleet: Fleet, cards: Cards, records: Records) -> None:
    table = usage_of_cards(cards, records, fleet.scene.cells)
    assert table.schema == USAGE
    assert table.num_rows == len(records)
    keys = list(zip(table["card_id"].to_pylist(), table["ts"].to_pylist(), strict=True))
    assert keys == sorted(keys)
    assert not any(table["stranger"].to_pylist())


def test_tiles_are_those_of_the_cell(fleet: Fleet, cards: Cards, records: Records) -> None:
    cells = fleet.scene.cells
    place = {int(cells.ids[at]): (cells.latitude[at] / 1e6, cells.longitude[at] / 1e6) for at in range(len(cells.ids))}
    for row in usage_of_cards(cards, records, cells).slice(0, 3_000).to_pylist():
        tile = (row["gx"], row["gy"])
        assert tile == (tile_of(*place[row["cell"]]) if row["cell"] in place else (0, 0))


def test_what_does_not_fit_is_marked(fleet: Fleet, cards: Cards, records: Records) -> None:
    rows = usage_of_cards(cards, records, fleet.scene.cells).to_pylist()
    for row in rows:
        assert bool(row["quality"] & Quality.UNKNOWN_CELL) == (row["cell"] >= UNKNOWN_CELL_BASE)
        assert bool(row["quality"] & Quality.SATURATED) == (U32 in {row["up"], row["dn"]})
    assert any(row["quality"] & Quality.SATURATED for row in rows)
    assert any(row["quality"] & Quality.UNKNOWN_CELL for row in rows)


def test_networks_abroad_give_an_area_without_a_cell(fleet: Fleet, cards: Cards, records: Records) -> None:
    rows = usage_of_cards(cards, records, fleet.scene.cells).to_pylist()
    abroad = [row for row in rows if row["plmn"] in {999_001, 999_002} and row["cell"] == 0]
    assert abroad
    assert {(row["plmn"], row["area"]) for row in abroad} == {(999_001, 36), (999_002, 37)}
    assert {row["area"] for row in rows if row["cell"] == 0 and row["plmn"] == 460_004} == {0}


def test_strangers_keep_their_number(fleet: Fleet) -> None:
    strangers = make_strangers(fleet)
    table = usage_of_strangers(strangers, fleet.scene.cells)
    assert set(table["card_id"].to_pylist()) == {0}
    tags = {code >> TAG_SHIFT for code in table["stranger"].to_pylist()}
    assert tags == {tag.value for tag in SubscriberTag}
    assert set(table["quality"].to_pylist()) == {int(Quality.UNKNOWN_CARD)}
