"""Every sentence a person reads, in zh-CN and en: one catalogue a language, one TOML file a room in it.

Keys are dotted paths of the tables: `[error.registry.iccid_check_digit]` with `what` and `next`. Blanks are
`{name}` of `str.format`, filled with strings and numbers only, so a sentence can't reach into an object.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "zh-CN"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def words(language: Language, key: str, /, **blanks: str | float | None) -> str:
    """The sentence at `key` with its blanks filled; the key itself where there is none (a test forbids that).

    A blank that is not given stays visible as `{name}`: a refusal must never fail while it is being told.
    """
    return _flat(language).get(key, key).format_map(_Blanks(blanks))


def keys(language: Language) -> frozenset[str]:
    """All keys of one catalogue."""
    return frozenset(_flat(language))


def prefer(accept_language: str) -> Language:
    """The catalogue that an `Accept-Language` header or a locale name such as `zh_CN.UTF-8` asks for; en by default."""
    for part in accept_language.lower().replace("_", "-").split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "en"


class _Blanks(dict[str, str | int | float | None]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@cache
def _flat(language: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(files("tallyward.kernel").joinpath("locales", language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(table: dict[str, Any], prefix: str, found: dict[str, str]) -> None:
    for name, value in table.items():
        if isinstance(value, str):
            found[prefix + name] = value
        else:
            _flatten(value, f"{prefix}{name}.", found)
