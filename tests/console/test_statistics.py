from dataclasses import fields

from tallyward.console.statistics import Statistics


def test_development_security_and_how_old_they_may_be() -> None:
    assert [one.name for one in fields(Statistics)] == ["development", "security", "age_seconds"]
