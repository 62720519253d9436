"""A fleet as files for the registry's bulk import: one CSV a kind, in the columns of docs/import-formats.md."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from tallyward.registry.columns import IMPORT_ORDER, Kind
from tallyward.registry.model import FunctionMode
from tallyward.registry.profile_schema import LIMIT_FIELDS
from tallyward.simulate.areas import PLACES
from tallyward.simulate.cadences import cadences
from tallyward.simulate.columns import DATA, NOT_SET, REAL_NAMES, SMS, VOICE, Cards
from tallyward.simulate.draws import I64, Flags
from tallyward.simulate.enterprises import FIRMS, OPERATOR
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import iccids, imsis, msisdns
from tallyward.simulate.products import PRODUCTS
from tallyward.simulate.terminals import Thing, serial, things

_BLOCK: Final = 50_000
_SECONDS_A_YEAR: Final = 31_536_000


def write_import_files(fleet: Fleet, folder: Path) -> dict[Kind, Path]:
    """The file of each kind, in the order in which they must be imported: what is referred to comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[Kind, Iterable[pa.Table]] = {
        Kind.ENTERPRISES: [_enterprises()],
        Kind.CLASSES: [_classes()],
        Kind.AREAS: [_areas()],
        Kind.CELLS: [_cells(fleet)],
        Kind.GROUP_LISTS: [_group_lists(fleet)],
        Kind.TERMINALS: _terminals(fleet),
        Kind.CARDS: (_cards(fleet, cards) for cards in _blocks(fleet)),
        Kind.BINDINGS: (_bindings(fleet, cards) for cards in _blocks(fleet)),
    }
    return {kind: _write(folder / f"{kind}.csv", tables[kind]) for kind in IMPORT_ORDER}


def _blocks(fleet: Fleet) -> Iterator[Cards]:
    return (fleet.cards_between(first, last) for first, last in fleet.spans(_BLOCK))


def _write(path: Path, blocks: Iterable[pa.Table]) -> Path:
    with path.open("wb") as out:
        for number, table in enumerate(blocks):
            if number == 0:
                out.write(",".join(table.column_names).encode() + b"\n")
            pa_csv.write_csv(table, out, pa_csv.WriteOptions(include_header=False))
    return path


def _enterprises() -> pa.Table:
    return pa.table(
        {
            "code": [firm.code for firm in FIRMS],
            "name": [firm.name for firm in FIRMS],
            "kind": [firm.kind.value for firm in FIRMS],
            "area": pa.nulls(len(FIRMS), pa.string()),  # they sell everywhere
        }
    )


def _classes() -> pa.Table:
    return pa.table(
        {
            "code": [product.code for product in PRODUCTS],
            "title_en": [product.title_en for product in PRODUCTS],
            "title_zh": [product.title_zh for product in PRODUCTS],
            **{
                name: pa.array([getattr(product.limits, name) for product in PRODUCTS], pa.int64())
                for name in LIMIT_FIELDS
            },
        }
    )


def _areas() -> pa.Table:
    return pa.table(
        {
            "code": [place.code for place in PLACES],
            "title_en": [place.title_en for place in PLACES],
            "title_zh": [place.title_zh for place in PLACES],
            "fraud_prone": [place.fraud_prone for place in PLACES],
            "plmns": [f"{place.plmn[0]}{place.plmn[1]}" if place.plmn else "" for place in PLACES],
        }
    )


def _cells(fleet: Fleet) -> pa.Table:
    cells = fleet.scene.cells
    return pa.table(
        {
            "cgi": [cells.cgi(position) for position in range(len(cells.ids))],
            "area": [PLACES[area].code for area in cells.area.tolist()],
            "latitude": _degrees(cells.latitude),
            "longitude": _degrees(cells.longitude),
        }
    )


def _degrees(micro: I64) -> list[str]:
    return [f"{value / 1e6:.6f}" for value in micro.tolist()]


def _group_lists(fleet: Fleet) -> pa.Table:
    rows = [
        (made.code, FIRMS[made.firm].code, kind.value, text)
        for made in fleet.scene.lists.lists
        for kind, text in made.entries
    ]
    return pa.table(dict(zip(("code", "enterprise", "kind", "entry"), zip(*rows, strict=True), strict=True)))


def _terminals(fleet: Fleet) -> Iterator[pa.Table]:
    every = things(fleet)
    first = 0
    while block := list(islice(every, _BLOCK)):
        numbers = np.arange(first, first + len(block), dtype=np.int64)
        yield _of_things(block).append_column("cadence", cadences(fleet.scene.draws, "terminal", numbers))
        first += len(block)


def _of_things(block: list[Thing]) -> pa.Table:
    homes = [thing.home or (None, None) for thing in block]
    return pa.table(
        {
            "serial": [thing.serial for thing in block],
            "enterprise": [thing.firm for thing in block],
            "usage": [thing.usage.value for thing in block],
            "access": [thing.access.value for thing in block],
            "vendor": [thing.vendor for thing in block],
            "model": [thing.model for thing in block],
            "firmware": [thing.firmware for thing in block],
            "imei": [str(thing.imei) if thing.imei else "" for thing in block],
            "fixed": [thing.home is not None for thing in block],
            "latitude": pa.array([None if north is None else f"{north / 1e6:.6f}" for north, _ in homes], pa.string()),
            "longitude": pa.array([None if east is None else f"{east / 1e6:.6f}" for _, east in homes], pa.string()),
            "gateway": [thing.gateway for thing in block],
        }
    )


def _cards(fleet: Fleet, cards: Cards) -> pa.Table:
    cells = fleet.scene.cells
    lists = pa.array([made.code for made in fleet.scene.lists.lists])
    functions: dict[str, pa.Array] = {}
    for service, name in ((VOICE, "voice"), (SMS, "sms"), (DATA, "data")):
        functions[name] = _choose([mode.name.lower() for mode in FunctionMode], cards.modes[service])
        at = cards.lists[service]
        functions[f"{name}_list"] = lists.take(pa.array(np.where(at == NOT_SET, 0, at), mask=at == NOT_SET))
    homes, places = np.unique(cards.home, return_inverse=True)
    return pa.table(
        {
            "iccid": iccids(cards.number),
            "imsi": imsis(cards.number),
            "msisdn": msisdns(cards.number),
            "operator": [FIRMS[OPERATOR].code] * len(cards),
            "enterprise": _choose([firm.code for firm in FIRMS], cards.holder),
            "card_class": _choose([product.code for product in PRODUCTS], cards.product),
            **functions,
            "roaming": _yes_no(cards.roams),
            "fixed": _yes_no(cards.fixed),
            "home_area": _choose([place.code for place in PLACES], cards.area),
            "home_cell": _choose([cells.cgi(home) for home in homes.tolist()], places),
            "real_name": _choose([state.value for state in REAL_NAMES], cards.real_name),
            "joined": _joined(fleet, cards.number),
            **{name: pa.array(cards.own[row], mask=cards.own[row] == NOT_SET) for row, name in enumerate(LIMIT_FIELDS)},
            "cadence": cadences(fleet.scene.draws, "card", cards.number),
        }
    )


def _choose(texts: list[str], places: I64) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(places))


def _joined(fleet: Fleet, numbers: I64) -> list[str]:
    """When each card joined: at some second of the year before the day, as text with its offset."""
    ago = fleet.scene.draws.below("joined", numbers, _SECONDS_A_YEAR)
    moments = (fleet.scene.start - 1 - ago).astype("datetime64[s]")
    return [f"{moment}+00:00" for moment in np.datetime_as_string(moments).tolist()]


def _yes_no(flags: Flags) -> pa.Array:
    return pa.array(flags)


def _bindings(fleet: Fleet, cards: Cards) -> pa.Table:
    bound = np.flatnonzero(cards.terminal != NOT_SET)
    number = cards.number[bound]
    since = fleet.scene.start - 86_400 - fleet.scene.draws.below("bound since", number, 3 * _SECONDS_A_YEAR)
    return pa.table(
        {
            "iccid": iccids(number),
            "serial": [serial(terminal) for terminal in cards.terminal[bound].tolist()],
            "since": pc.binary_join_element_wise(
                pc.strftime(pa.array(since, pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S"), "Z", ""
            ),
            "until": pa.nulls(len(bound), pa.string()),
            "reason": ["first fitted"] * len(bound),
        }
    )
