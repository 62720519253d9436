"""A secret is shown by nothing that shows things."""

import copy
import json
import logging
import pickle
from dataclasses import asdict, dataclass

import pytest
import structlog

from tallyward.kernel.secret import Secret

WORD = "11010519491231002X"


@dataclass(frozen=True, slots=True)
class Holder:
    name: str
    number: Secret[str]


def test_text_of_it_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    one, held = Secret(WORD), Holder("a", Secret(WORD))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").warning("%s %r %s", one, one, held)
    logged = structlog.processors.JSONRenderer()(None, "", {"event": "x", "held": held, "one": [one]})
    text = f"{one} {one!r} {one!s} {one:>40} {held} {logged!r} {caplog.text} {dir(one)} {asdict.__name__}"
    assert WORD not in text
    assert "<secret>" in caplog.text
    assert one.reveal() == WORD


@pytest.mark.parametrize(
    "attempt", [pickle.dumps, json.dumps, copy.copy, copy.deepcopy, hash, vars, lambda one: one == WORD, str.encode]
)
def test_it_is_not_copied_compared_or_written(attempt: object) -> None:
    with pytest.raises(TypeError) as caught:
        attempt(Secret(WORD))  # type: ignore[operator]
    assert WORD not in str(caught.value)
    with pytest.raises(TypeError):
        asdict(Holder("a", Secret(WORD)))
