from pathlib import Path

import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.wiring.settings import Settings, read_settings


def test_defaults_are_safe() -> None:
    settings = read_settings()
    assert settings.host == "127.0.0.1"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.folder.is_absolute()


def test_options_win_over_the_environment_and_none_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWARD_PORT", "9001")
    monkeypatch.setenv("TALLYWARD_HOME", "/srv/tallyward")
    assert read_settings(port=None).port == 9001
    assert read_settings(port=9002, home=Path("/x")).folder == Path("/x")


def test_the_first_wrong_setting_is_named_and_its_value_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWARD_PORT", "s3cret")
    with pytest.raises(InvalidError) as refusal:
        read_settings()
    assert refusal.value.code == "wiring.setting"
    assert "TALLYWARD_PORT" in refusal.value.sentence("en")
    assert "s3cret" not in refusal.value.sentence("en")


def test_the_database_password_does_not_show() -> None:
    settings = read_settings(database="postgresql+psycopg://tallyward:s3cret@localhost/t")
    assert "s3cret" not in repr(settings)
    assert "s3cret" in settings.database_url


def test_each_setting_says_what_it_means() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_baselines_are_computed_daily_unless_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().baselines
    monkeypatch.setenv("TALLYWARD_BASELINES", "false")
    assert not read_settings().baselines
