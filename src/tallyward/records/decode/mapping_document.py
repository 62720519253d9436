"""A mapping file as a tree of values with their lines: YAML without aliases, tags or great depth. Pure."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import yaml

from tallyward.kernel.errors import InvalidError

MOST_BYTES: Final = 64 << 10
_MOST_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the line where it stands."""

    content: "str | tuple[Value, ...] | dict[str, Value]"
    line: int


Keys: TypeAlias = dict[str, Value]


def document(data: bytes) -> Value:
    """The document's one value; refuses with `records.mapping_yaml`, `_twice` or `_missing` and the line."""
    if len(data) > MOST_BYTES:
        raise InvalidError("records.mapping_yaml", line=1, detail=f"> {MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidError("records.mapping_yaml", line=line, detail="UTF-8") from None
    try:
        _check_tokens(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or error)
        raise InvalidError("records.mapping_yaml", line=mark.line + 1 if mark else 1, detail=detail[:200]) from None
    except (ValueError, OverflowError):  # the scanner makes characters of any number an escape names
        raise InvalidError("records.mapping_yaml", line=1, detail="\\U") from None
    if node is None:
        raise InvalidError("records.mapping_missing", line=1, key="columns")
    return _value(node)


def _check_tokens(text: str) -> None:
    """Before anything is built: no aliases, no tags, no depth that could exhaust the stack."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken | yaml.DirectiveToken):
            raise InvalidError("records.mapping_yaml", line=line, detail=token.id.strip("<>"))
        if isinstance(token, _OPENING):
            depth += 1
        elif isinstance(token, yaml.BlockEndToken | yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            depth -= 1
        if depth > _MOST_DEPTH:
            raise InvalidError("records.mapping_yaml", line=line, detail=f"> {_MOST_DEPTH}")


_OPENING: Final = (
    yaml.BlockMappingStartToken
    | yaml.BlockSequenceStartToken
    | yaml.FlowMappingStartToken
    | yaml.FlowSequenceStartToken
)


def _value(node: yaml.Node) -> Value:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: Keys = {}
        for key, inner in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                raise InvalidError("records.mapping_twice", line=key.start_mark.line + 1, key=name)
            found[name] = _value(inner)
        return Value(found, line)
    if isinstance(node, yaml.SequenceNode):
        return Value(tuple(_value(inner) for inner in node.value), line)
    return Value(str(node.value), line)
