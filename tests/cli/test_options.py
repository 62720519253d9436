from datetime import date

import click
import pytest

from tallyward.cli.options import DAY


def test_a_day_is_read_and_anything_else_is_told_how() -> None:
    assert DAY.convert("2026-03-01", None, None) == date(2026, 3, 1)
    with pytest.raises(click.BadParameter, match="2026-03-01"):
        DAY.convert("yesterday", None, None)
