"""Rules made in tests: from short YAML, and at random."""

import json
import random
from typing import Any

from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_file import load_rules

TEXTS = {"en": "text", "zh-CN": "文字"}
LIMITS = {"day_bytes": 6, "month_bytes": 9, "max_peers": 2, "max_cells": 2, "max_imeis": 1, "far_km": 20, "many": 3}
TRIALS = [{"name": "found", "records": [], "hit": False}, {"name": "not found", "records": [], "hit": True}]


def fault(name: str = "one", **given: Any) -> dict[str, Any]:
    return {"name": name, "observed": "count()", "why": TEXTS, "normal": TEXTS, **given}


def rule_text(*faults: dict[str, Any], rule: str = "T1", **given: Any) -> str:
    content = {
        "id": rule,
        "severity": "low",
        "title": TEXTS,
        "description": TEXTS,
        "limits": LIMITS,
        "any_of": list(faults),
        "tests": TRIALS,
        **given,
    }
    return json.dumps(content, ensure_ascii=False)  # JSON is YAML


def make_rule(*faults: dict[str, Any], rule: str = "T1", **given: Any) -> Rule:
    """A rule whose own tests are not run."""
    return load_rules(rule_text(*faults, rule=rule, **given).encode(), "test.yaml")[0]


def random_rule(dice: random.Random, rule: str) -> Rule:
    return make_rule(*(random_fault(dice, f"f{turn}") for turn in range(dice.randint(1, 2))), rule=rule)


def random_fault(dice: random.Random, name: str) -> dict[str, Any]:
    given: dict[str, Any] = {"missing": dice.choice(["ignore", "fire"])}
    form = dice.random()
    if form < 0.12:
        given["across"] = {"by": "imei", "count_distinct": "card_id", "at_least": "many"}
    if form < 0.6:
        given["record"] = _joined(dice, _record_atom, 2)
    if form >= 0.35:
        given["card"] = _joined(dice, _card_atom, 2, months="record" not in given)
    if "across" in given:
        given["card"] = dice.choice(["roam_ok = 1", "fixed = 0 OR imei_bound = 2", "NOT absent(imei_bound)"])
    return fault(name, **given)


def _joined(dice: random.Random, atom: Any, depth: int, **given: Any) -> str:
    if depth == 0 or dice.random() < 0.3:
        return str(atom(dice, **given))
    if dice.random() < 0.25:
        return f"NOT ({_joined(dice, atom, depth - 1, **given)})"
    joint = dice.choice([" AND ", " OR "])
    parts = [_joined(dice, atom, depth - 1, **given) for _ in range(dice.randint(2, 3))]
    return "(" + joint.join(parts) + ")"


_COMPARISONS = ["=", "<>", "<", "<=", ">", ">="]


def _number(dice: random.Random, columns: list[str]) -> str:
    one = dice.choice([*columns, str(dice.randint(0, 6))])
    if dice.random() < 0.25:
        operator = dice.choice("+-*")
        others = ["dn"] if "up" in columns else []  # a product of two sums is refused: it could get too large
        return f"({one} {operator} {dice.choice([*(others if operator == '*' else columns), str(dice.randint(0, 3))])})"
    return one


def _record_atom(dice: random.Random) -> str:
    limits = ["day_bytes", "max_cells", "many"]
    numbers = f"{_number(dice, ['up', 'dn'])} {dice.choice(_COMPARISONS)} {_number(dice, ['up', 'dn', *limits])}"
    equal = dice.choice(["=", "<>"])
    listed = dice.choice(["data_list", "sms_list"])
    return dice.choice(
        [
            numbers,
            f"svc {equal} '{dice.choice(['data', 'sms', 'voice'])}'",
            f"svc IN ('data', 'voice') AND data_mode {equal} 'directed'",
            f"imei {equal} imei_bound",
            f"imei_bound {equal} imei",
            f"cell {equal} home_cell",
            f"area {equal} home_area",
            f"NOT on_list({listed}, peer)",
            f"on_list({listed}, peer)",
            f"svc = 'sms' AND NOT on_list({listed}, peer)",
            "fraud_prone(area)",
            "fraud_prone(home_area)",
            "absent(imei)",
            "absent(imei_bound)",
            f"up BETWEEN 1 AND {dice.randint(1, 4)}",
            f"up * 0.5 {dice.choice(_COMPARISONS)} dn * 0.25",
            f"day_bytes {dice.choice(_COMPARISONS)} up + 2.5",
            "fixed = 1",
        ]
    )


def _card_atom(dice: random.Random, *, months: bool) -> str:
    kept = [
        "count()",
        "sum(up + dn)",
        "sum(up - dn)",
        "sum(up * 0.5 - dn)",
        "max(dn * 0.25)",
        "min(up)",
        "max(dn)",
        "count_distinct(peer)",
        "count_distinct(cell)",
        "count_distinct(imei)",
        "count_distinct(area)",
        "span_km(cell)",
        "peak_sum(up + dn, 3)",
        "peak_sum(up, 24)",
        "peak_sum(dn, 1)",
        "active_hours()",
        *(["month_sum(up)", "month_sum(up + dn)", "month_sum(up * 0.5)"] if months else []),
    ]
    limits = ["day_bytes", "month_bytes", "max_peers", "max_cells", "max_imeis", "far_km", "many"]
    left = _number(dice, [dice.choice(kept)])
    return dice.choice(
        [
            f"{left} {dice.choice(_COMPARISONS)} {_number(dice, limits)}",
            f"{dice.choice(kept)} > {dice.choice(limits)}",
            f"{dice.choice(kept)} {dice.choice(_COMPARISONS)} {dice.choice(kept)}",
            "fixed = 1",
            "roam_ok <> 0",
            "absent(home_cell)",
            "imei_bound = 2",
        ]
    )
