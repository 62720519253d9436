import stat
from pathlib import Path

import pytest

from tallyward.custody.circulation_rules import SHIPPED, shipped
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import ConflictError, NotFoundError, UnavailableError
from tallyward.kernel.ids import RuleId
from tallyward.registry.model import EnterpriseKind
from tallyward.wiring.custody.ledger import Founder, begin_custody, open_custody
from tallyward.wiring.platform import (
    Platform,
    book_in_use,
    database_revisions,
    named_rules,
    open_platform,
    upgrade_database,
)
from tallyward.wiring.settings import read_settings


def test_a_second_one_reads_while_the_first_takes_records_in(platform: Platform) -> None:
    added = platform.registry.add_enterprise(PLATFORM, "op", "运营商", EnterpriseKind.OPERATOR)
    with open_platform(platform.settings) as reader:
        assert reader.enterprise_by_code("op") == added
        with pytest.raises(ConflictError, match=r"records\.read_only"):
            reader.records.add_source("s", added.id)
    with (
        pytest.raises(ConflictError, match=r"records\.locked_by_other"),
        open_platform(platform.settings, writing=True),
    ):
        pass


def test_an_unknown_enterprise_is_refused_by_code(platform: Platform) -> None:
    with pytest.raises(NotFoundError, match=r"wiring\.no_enterprise"):
        platform.enterprise_by_code("nobody")


def test_the_console_stands_on_the_same_services(platform: Platform) -> None:
    services = platform.console_services()
    assert services.registry is platform.registry
    assert services.https is False


def test_the_console_has_a_desk_where_a_ledger_was_begun_and_leaves_the_vault_to_others(tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path / "home")
    with open_platform(settings) as platform:
        assert platform.console_services().custody is None
    rules = tuple(shipped(one) for one in SHIPPED)
    log = begin_custody(settings, "ledger.test/cards", [Founder("op", "operator", "Operator")], rules)
    with open_platform(settings) as platform, open_custody(settings) as beside:
        desk = platform.console_services().custody
        assert desk
        assert desk.log == beside.log == log
        assert desk.standing(None).entries == beside.service.machine.size


def test_a_database_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path)
    (tmp_path / "state.sqlite3").mkdir()
    with pytest.raises(UnavailableError, match=r"registry\.database_unreachable"):
        upgrade_database(settings)


def test_the_folder_is_for_its_owner_only(platform: Platform) -> None:
    assert stat.S_IMODE(platform.settings.folder.stat().st_mode) == 0o700


def test_a_new_database_has_this_releases_form(platform: Platform) -> None:
    present, newest = database_revisions(platform.settings)
    assert present == newest


def test_where_no_installation_is_the_rules_of_the_files_are_in_use_and_none_is_made(tmp_path: Path) -> None:
    home = tmp_path / "nowhere"
    assert len(book_in_use(read_settings(home=home)).rules) == 7
    assert not home.exists()


def test_the_rules_in_use_are_those_that_were_promoted(platform: Platform) -> None:
    platform.rules.retire(PLATFORM, RuleId("R7"))
    assert [rule.id for rule in book_in_use(platform.settings).rules] == ["R1", "R2", "R3", "R4", "R5", "R6"]


def test_a_version_of_a_rule_is_found_with_and_without_an_installation(platform: Platform, tmp_path: Path) -> None:
    r7 = RuleId("R7")
    platform.rules.retire(PLATFORM, r7)
    nowhere = read_settings(home=tmp_path / "nowhere")
    with named_rules(platform.settings) as kept, named_rules(nowhere) as files:
        assert kept.book.rule(r7) is None
        assert kept.version(r7, "0") == files.version(r7, "0") == files.book.rule(r7)
        with pytest.raises(NotFoundError, match=r"detect\.no_version"):
            files.version(r7, "1")
    assert not nowhere.folder.exists()
