from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tallyward.cli.root import run


def test_whitelisted_findings_open_no_incident_and_are_told(home: Path, answer: Callable[..., Any]) -> None:
    folder = ("--folder", str(home))
    tried = answer("rules", "test", "R6", "--since", "2026-03-01", *folder)
    card = tried["samples"][0]["iccid"]
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    named = ("rules", "whitelist", "add", "--card", card, "--reason", "trial", "--until", until, *folder)
    assert run(list(named)) == 2, "a rule, or every one, must be said"
    assert run([*named, "--rule", "R6"]) == 0
    (row,) = answer("rules", "whitelist", "list", *folder)
    assert (row["name"], row["standing"]) == (card, "valid")
    (scanned,) = answer("scan", "--day", "2026-03-02", *folder)
    assert scanned["whitelisted"] == {"R6": 1}
    assert run(["rules", "whitelist", "remove", "1", *folder]) == 0
    (again,) = answer("scan", "--day", "2026-03-02", *folder)
    assert (again["whitelisted"], again["opened"]) == ({}, 1)
