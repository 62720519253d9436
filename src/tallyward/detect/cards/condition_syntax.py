"""The first wall around a condition: its characters and its size, before and after SQLGlot has parsed it. Pure.

No comment, quote, semicolon or bracket that could open something else, no text that is slow to parse, one expression.
What its nodes may be is told by `condition.py`.
"""

import re
from typing import Final, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tallyward.detect.cards.refusal import Place, refused

MOST_CHARACTERS: Final = 2_000
MOST_BRACKETS: Final = 24
MOST_NODES: Final = 300

_STRANGE: Final = re.compile(r"--|\*\*|[^A-Za-z0-9_ \t\r\n.,()<>=!+*'-]")


def parsed(text: str, place: Place) -> exp.Expression:
    """The one expression of a text; refused with its place: `detect.rule_character`, `_long`, `_deep`, `_syntax`."""
    _wall(text, place)
    try:
        statements = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError):
        raise refused(place, "detect.rule_syntax", text=text[:80]) from None
    if len(statements) != 1 or statements[0] is None:
        raise refused(place, "detect.rule_syntax", text=text[:80])
    found = cast("exp.Expression", statements[0])
    for count, node in enumerate(found.walk(), start=1):
        if count > MOST_NODES:
            raise refused(place, "detect.rule_long", most=MOST_CHARACTERS)
        if node.comments:
            raise refused(place, "detect.rule_character", character="--")
    return found


def _wall(text: str, place: Place) -> None:
    if len(text) > MOST_CHARACTERS:
        raise refused(place, "detect.rule_long", most=MOST_CHARACTERS)
    if strange := _STRANGE.search(text):
        raise refused(place.further(strange.start()), "detect.rule_character", character=strange.group())
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    signs = re.findall(r"(?:-\s*){2,}|(?:\bnot\b\s*){3,}", text, re.IGNORECASE)
    if deepest > MOST_BRACKETS or signs:
        raise refused(place, "detect.rule_deep", most=MOST_BRACKETS)
