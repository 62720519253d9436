"""Keeping the newest JSON document in a file that is its owner's alone; a half-written one is never seen."""

import json
import os
from datetime import date, datetime
from pathlib import Path


def keep_newest(path: Path, value: object) -> None:
    """Put a document in place of the one before; dates and times as ISO 8601."""
    half = path.with_suffix(".tmp")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        json.dump(value, opened, ensure_ascii=False, default=_text)
    half.replace(path)


def _text(value: date | datetime) -> str:
    return value.isoformat()
