import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tallyward.wiring.newest_json import keep_newest


def test_the_newest_document_is_there_whole_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "newest.json"
    for day in (1, 2):
        keep_newest(path, {"day": date(2026, 3, day), "at": datetime(2026, 3, day, 12, tzinfo=UTC), "name": "华讯"})
    found = {"day": "2026-03-02", "at": "2026-03-02T12:00:00+00:00", "name": "华讯"}
    assert json.loads(path.read_text(encoding="utf-8")) == found
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(AttributeError):
        keep_newest(path, {"day": object()})
    assert json.loads(path.read_text(encoding="utf-8")) == found
