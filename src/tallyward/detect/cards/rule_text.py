"""Rule files as checked YAML: a tree of values that each know their line and column. Reads text only, no objects.

Aliases and tags are refused: a small file could stand for a huge one, or for something else than text and numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.vocabulary import nearest

MOST_BYTES: Final = 64 * 1024
MOST_DEPTH: Final = 12

Plain: TypeAlias = str | int | float | bool

_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file: text, number, truth, list or mapping, and its place."""

    of: "Plain | tuple[Value, ...] | dict[str, Value]"
    place: Place

    def text(self, key: str) -> str:
        """It is a text that is not empty."""
        if not isinstance(self.of, str) or not self.of.strip():
            raise refused(self.place, "detect.rule_value", key=key, wanted="text")
        return self.of.strip()

    def number(self, key: str) -> int | float:
        """It is a number of 0 or more."""
        if isinstance(self.of, bool) or not isinstance(self.of, int | float) or not 0 <= self.of < 1 << 62:
            raise refused(self.place, "detect.rule_value", key=key, wanted="number")
        return self.of

    def whole(self, key: str) -> int:
        """It is a whole number, or TRUE or FALSE as 1 and 0."""
        if isinstance(self.of, bool):
            return int(self.of)
        if not isinstance(self.of, int) or not 0 <= self.of < 1 << 64:
            raise refused(self.place, "detect.rule_value", key=key, wanted="number")
        return self.of

    def truth(self, key: str) -> bool:
        """It is true or false."""
        if not isinstance(self.of, bool):
            raise refused(self.place, "detect.rule_value", key=key, wanted="true/false")
        return self.of

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """It is one of some words."""
        if self.of not in known:
            raise refused(
                self.place, "detect.rule_choice", key=key, text=str(self.of)[:40], hint=nearest(str(self.of), known)
            )
        return str(self.of)

    def items(self, key: str) -> tuple["Value", ...]:
        """It is a list."""
        if not isinstance(self.of, tuple):
            raise refused(self.place, "detect.rule_value", key=key, wanted="list")
        return self.of

    def mapping(self, key: str) -> dict[str, "Value"]:
        """It is a mapping."""
        if not isinstance(self.of, dict):
            raise refused(self.place, "detect.rule_value", key=key, wanted="mapping")
        return self.of

    def table(self, key: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, "Value"]:
        """It is a mapping with these keys and no others."""
        found = self.mapping(key)
        for name, value in found.items():
            if name not in required + optional:
                raise refused(value.place, "detect.rule_key", key=name[:40], hint=nearest(name, required + optional))
        for name in required:
            if name not in found:
                raise refused(self.place, "detect.rule_lacks", key=name, of=key)
        return found


def read_rules(data: bytes, file: str) -> Value:
    """The content of a rule file; refuses what is no plain YAML with `detect.rule_*`."""
    start = Place(file, 1, 1)
    if len(data) > MOST_BYTES:
        raise refused(start, "detect.rule_file_size", most=MOST_BYTES)
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise refused(Place(file, data[: error.start].count(b"\n") + 1, 1), "detect.rule_file_encoding") from None
    try:
        tokens = yaml.scan(text, Loader=yaml.SafeLoader)
        _check_tokens(tokens, file)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise refused(_mark(error, file), "detect.rule_yaml", problem=_problem(error)) from None
    except (ValueError, OverflowError):  # the scanner makes characters of any number an escape names
        raise refused(start, "detect.rule_yaml", problem="an escape beyond Unicode") from None
    if node is None:
        raise refused(start, "detect.rule_file_empty")
    return _value(node, file)


def _check_tokens(tokens: Iterator[yaml.Token], file: str) -> None:
    """Before anything is built: no aliases, no tags, no depth that could exhaust the stack."""
    depth = 0
    for token in tokens:
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken | yaml.DirectiveToken):
            raise refused(_place(token.start_mark, file), "detect.rule_yaml_feature", feature=token.id.strip("<>"))
        if isinstance(token, yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken | _FLOW_STARTS):
            depth += 1
        elif isinstance(token, yaml.BlockEndToken | yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            depth -= 1
        if depth > MOST_DEPTH:
            raise refused(_place(token.start_mark, file), "detect.rule_yaml_deep", most=MOST_DEPTH)


_FLOW_STARTS: Final = yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken


def _value(node: yaml.Node, file: str) -> Value:
    place = _place(node.start_mark, file)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Value] = {}
        for key, inner in node.value:
            name = _key(key, file)
            if name in found:
                raise refused(_place(key.start_mark, file), "detect.rule_twice", key=name)
            found[name] = _value(inner, file)
        return Value(found, place)
    if isinstance(node, yaml.SequenceNode):
        return Value(tuple(_value(inner, file) for inner in node.value), place)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, place)
    raise TypeError(node)


def _key(node: yaml.Node, file: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise refused(_place(node.start_mark, file), "detect.rule_value", key="?", wanted="text")
    return str(node.value)


def _scalar(node: yaml.ScalarNode, place: Place) -> Value:
    text = str(node.value)
    one_line = node.style in {"'", '"', None} and node.start_mark.line == node.end_mark.line
    written = node.end_mark.column - node.start_mark.column - 2 * (node.style is not None)
    exact = one_line and written == len(text)  # an escape takes more room in the file than what it stands for
    inside = Place(place.file, place.line, place.column + (node.style is not None), exact=exact)
    kind = str(node.tag).removeprefix(_TAG)
    loader = yaml.SafeLoader("")
    try:
        made = loader.construct_object(node) if kind in {"int", "float", "bool"} else text
    except (ValueError, yaml.YAMLError):
        made = text
    return Value(made, inside)


def _place(mark: yaml.Mark, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _mark(error: yaml.YAMLError, file: str) -> Place:
    mark = getattr(error, "problem_mark", None)
    return _place(mark, file) if mark else Place(file, 1, 1)


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable")[:120]
