import json
from typing import Any

import pytest

from tallyward.detect.baseline_form import from_bytes, to_bytes
from tests.detect.test_usual import counts, of

GOOD = of({1: counts([1] * 20), 2: counts([7] * 5)}, enough=10)


def test_what_is_written_is_read_again() -> None:
    assert from_bytes(to_bytes(GOOD)) == GOOD


def broken(**changes: Any) -> bytes:
    return json.dumps({**json.loads(to_bytes(GOOD)), **changes}).encode()


FIRST = json.loads(to_bytes(GOOD))["classes"][0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        broken(form=2),
        broken(computed_at="yesterday"),
        broken(computed_at="2026-03-02T00:00:00"),
        broken(days=["2026-13-01"]),
        broken(days=7),
        broken(enough=-1),
        broken(enough=True),
        broken(classes=[{**FIRST, "hours": [1] * 23}]),
        broken(classes=[{**FIRST, "values": {"peers_p999": 5}}]),
        broken(classes=[{**FIRST, "values": {**FIRST["values"], "peers_p999": 1 << 63}}]),
        broken(classes=[{**FIRST, "values": {**FIRST["values"], "peers_p999": 1.5}}]),
        broken(classes=[{**FIRST, "card_days": "many"}]),
        broken(classes=[FIRST, FIRST]),
        broken(classes=["x"]),
    ],
)
def test_what_is_not_of_this_form_is_not_read(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_bytes(data)
