"""`tallyward import` and `scan` on real TAP files, where they are at hand beside the checkout."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "cdr" / "tap3"
Answer = Callable[..., Any]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real TAP files: put them into {REAL.name} of ../shared/data/cdr")
def test_real_batches_give_their_events_and_malformed_ones_a_reason_each(tmp_path: Path, answer: Answer) -> None:
    home = str(tmp_path / "home")
    (tmp_path / "op.csv").write_text("code,name,kind\nop,Operator,operator\n", encoding="utf-8")
    assert run(["import", "enterprises", str(tmp_path / "op.csv"), "--folder", home]) == 0
    files = sorted(REAL.glob("*.ber"))
    told = {row["file"]: row for row in answer("import", "records", *map(str, files), "--folder", home, exit_code=1)}
    assert told["tap_3_12_valid.ber"]["records"] == 4
    asn1c = told["asn1c-sample-DataInterChange-1.ber"]
    assert asn1c["records"] + asn1c["refused"] == 5
    broken = {name for name, row in told.items() if row["quarantined"]}
    assert {"length_overflow.ber", "rap_mini.ber", "tap_notification.ber"} <= broken
    rows = answer("records", "quarantine", "--folder", home)
    for name in broken:
        (reason,) = {row["reason"] for row in rows if row["file"] == name}
        assert reason
    days = answer("scan", "--folder", home)
    assert sum(day["records_in"] for day in days) == sum(day["records_used"] for day in days) == 4
    assert all(day["found"]["R0.unknown_card"] >= 1 for day in days)
