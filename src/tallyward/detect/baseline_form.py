"""Baselines as the bytes of one JSON document, and back: what is not exactly of this form is not read. Pure."""

import json
from datetime import date, datetime
from typing import Any, Final

from tallyward.detect.cards.baseline import NAMES
from tallyward.detect.usual import HOURS, Baselines, ClassUsual

FORM: Final = 1
MOST_BYTES: Final = 16 << 20
"""Some 20,000 classes."""
_MOST_NUMBER: Final = 1 << 63


def to_bytes(given: Baselines) -> bytes:
    """The document."""
    content = {
        "form": FORM,
        "computed_at": given.computed_at.isoformat(),
        "days": [day.isoformat() for day in given.days],
        "enough": given.enough,
        "classes": [
            {"class": one.card_class, "card_days": one.card_days, "values": one.values, "hours": list(one.hours)}
            for one in given.classes
        ],
    }
    return json.dumps(content, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> Baselines:
    """What the document says; raises ValueError where it is none of ours."""
    try:
        content = json.loads(data)
        if content["form"] != FORM:
            raise ValueError(f"form {str(content['form'])[:20]}")
        computed_at = datetime.fromisoformat(content["computed_at"])
        days = tuple(date.fromisoformat(day) for day in content["days"])
        classes = tuple(_class(one) for one in content["classes"])
        enough = _whole(content["enough"])
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if computed_at.tzinfo is None or len({one.card_class for one in classes}) != len(classes):
        raise ValueError("no zone, or a class twice")
    return Baselines(computed_at, days, enough, classes)


def _class(given: dict[str, Any]) -> ClassUsual:
    values = {name: _whole(value) for name, value in given["values"].items()}
    hours = tuple(_whole(one) for one in given["hours"])
    if tuple(values) not in {(), NAMES} or len(hours) != HOURS:
        raise ValueError("other values or hours than ours")
    return ClassUsual(_whole(given["class"]), _whole(given["card_days"]), values, hours)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST_NUMBER:
        raise ValueError("a number is none")
    return value
