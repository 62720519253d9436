"""A simulated fleet as a folder of files: what an operator would hand over, and the truth about it."""

from datetime import date
from pathlib import Path
from typing import Final

from tallyward.simulate.arrivals import arrivals
from tallyward.simulate.exports import write_import_files
from tallyward.simulate.fleet import build_fleet
from tallyward.simulate.malformed import broken_file, with_bad_rows
from tallyward.simulate.truth import Truth, tell_truth

DEFAULT_BATCHES: Final = 24


def simulate_fleet(
    folder: Path, *, cards: int, terminals: int, seed: int, day: date, batches: int = DEFAULT_BATCHES
) -> Truth:
    """Write `registry/*.csv`, `records/*` in order of arrival and `truth.json`; the truth.

    One of the record files holds bad rows among good ones, and one more file is broken: both for the quarantine.
    """
    fleet = build_fleet(cards=cards, terminals=terminals, seed=seed, day=day)
    write_import_files(fleet, folder / "registry")
    records = folder / "records"
    records.mkdir(parents=True, exist_ok=True)
    for number, arrival in enumerate(arrivals(fleet, batches, folder)):
        told = with_bad_rows(arrival) if number == batches // 3 else arrival
        (records / told.name).write_bytes(told.data)
    name, data = broken_file(day)
    (records / name).write_bytes(data)
    truth = tell_truth(fleet)
    truth.write(folder / "truth.json")
    return truth
