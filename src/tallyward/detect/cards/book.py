"""The rule book: the rules that come with Tallyward, or those of given files, loaded, checked and tested."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_file import MOST_RULES, load_rules
from tallyward.detect.cards.rule_text import MOST_BYTES
from tallyward.detect.cards.trial import check_trials
from tallyward.kernel.ids import RuleId


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules in force. `version` names exactly what this set of rules finds."""

    rules: tuple[Rule, ...]
    version: str

    @classmethod
    def load(cls, paths: Iterable[Path] = ()) -> "RuleBook":
        """The rules of some files and folders (`*.yaml`, by name), or the default rules where no path is given.

        Every rule's own tests run. The first that fails, like anything that is not understood, refuses the whole book
        with an InvalidError `detect.rule_*` that names file, line and column.
        """
        rules: list[Rule] = []
        for name, data in _sources(tuple(paths)):
            rules += load_rules(data, name)
        if not rules:
            raise refused(Place(", ".join(str(path) for path in paths), 1, 1), "detect.rule_none")
        if len(rules) > MOST_RULES:
            raise refused(Place(rules[-1].file, 1, 1), "detect.rule_many", most=MOST_RULES)
        _check_ids(rules)
        for rule in rules:
            check_trials(rule)
        return cls.of(rules)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "RuleBook":
        """A book of rules that were loaded before, such as some of another book."""
        kept = tuple(rules)
        return cls(kept, _version(kept))

    def rule(self, rule: RuleId) -> Rule | None:
        """One rule by its id."""
        return next((known for known in self.rules if known.id == rule), None)


def _sources(paths: tuple[Path, ...]) -> Iterable[tuple[str, bytes]]:
    if not paths:
        found = files("tallyward.detect.cards").joinpath("rules").iterdir()
        yield from ((one.name, one.read_bytes()) for one in _rule_files(found))
    for path in paths:
        try:
            many = _rule_files(path.iterdir()) if path.is_dir() else [path]
            for one in many:
                with one.open("rb") as file:
                    yield str(one), file.read(MOST_BYTES + 1)
        except OSError as error:
            raise refused(
                Place(str(path), 1, 1), "detect.rule_file_unreadable", problem=error.strerror or str(error)
            ) from None


def _rule_files(found: Iterable[Traversable]) -> list[Traversable]:
    return sorted((one for one in found if one.name.endswith((".yaml", ".yml"))), key=lambda one: one.name)


def _check_ids(rules: list[Rule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.id in seen:
            raise refused(Place(rule.file, 1, 1), "detect.rule_id_twice", id=rule.id, other=seen[rule.id])
        seen[rule.id] = rule.file


def _version(rules: Iterable[Rule]) -> str:
    return hashlib.sha256(repr(sorted((rule.id, rule.version) for rule in rules)).encode()).hexdigest()[:12]
