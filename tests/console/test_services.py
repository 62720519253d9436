from dataclasses import fields

from tallyward.console.services import ConsoleServices


def test_wiring_hands_in_these_and_https_is_off_unless_said() -> None:
    assert [one.name for one in fields(ConsoleServices)] == [
        "registry",
        "records",
        "incidents",
        "rules",
        "whitelist",
        "dry_runs",
        "accounts",
        "audit",
        "scans",
        "intakes",
        "inspections",
        "statistics",
        "clock",
        "baselines",
        "https",
        "custody_door",
        "custody_risk",
        "custody_health",
    ]
    assert ConsoleServices.__dataclass_fields__["https"].default is False
