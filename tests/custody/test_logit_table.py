"""The shipped table is what its script writes, on this machine too."""

import importlib.util
import math
from pathlib import Path

from tallyward.custody.logit_table import HALF_LIFE, LN, LOG_BITS, WEIGHT, WEIGHT_BITS

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "credit_tables.py"


def test_the_table_is_what_the_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("credit_tables", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.text() == script.TABLE.read_text(encoding="utf-8")


def test_its_numbers_are_the_nearest_ones() -> None:
    assert len(LN) == 257
    assert len(WEIGHT) == HALF_LIFE
    assert all(abs(one - math.log1p(at / 256) * 2**LOG_BITS) < 0.51 for at, one in enumerate(LN))
    assert all(abs(one - 2 ** (-at / HALF_LIFE) * 2**WEIGHT_BITS) < 0.51 for at, one in enumerate(WEIGHT))
