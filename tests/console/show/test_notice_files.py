import csv
import io
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.console.show.notice_files import harmless, late_csv, notice_csv, notice_html
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.registry.inspection import MOST_LATE, Inspection, LateCard, Notice, Part, notices_of
from tallyward.registry.model import RealName

MADE = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
HEAD = Inspection(4, "daily", date(2026, 3, 1), date(2026, 3, 2), MADE, 0.95)
JOINED = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
EVIL = "=cmd|'/c calc'!A1\"><script>alert(1)</script>"


def notice(unregistered: int = 2) -> Notice:
    cards = tuple(
        LateCard(CardId(n), f"898600000000000000{n:02d}", RealName.NONE, JOINED, in_use=n == 0)
        for n in range(min(unregistered, MOST_LATE))
    )
    states = {RealName.ACTIVE: 5, RealName.NONE: unregistered}
    whose = (EnterpriseId(11), EnterpriseId(1))
    return notices_of([Part(whose, states, 1, 4, JOINED if cards else None, cards)], 0.95)[0]


def named(name: str) -> object:
    return lambda _enterprise: ("fleet", name)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.outside += [name for name, _ in attrs if name in {"src", "href", "action"} or name.startswith("on")]


def tags(text: str) -> Tags:
    found = Tags()
    found.feed(text)
    return found


@pytest.mark.parametrize(("language", "word"), [("en", "Not registered"), ("zh-CN", "未登记")])
def test_a_page_stands_alone_in_the_readers_language(language: Language, word: str) -> None:
    text = notice_html(HEAD, [notice()], named("Alpha"), language)  # type: ignore[arg-type] # a lambda of one argument
    assert f'<html lang="{language}">' in text
    assert word in text
    assert "console.notice" not in text  # every key is worded
    assert "{" not in text.replace("body{", "").partition("</style>")[2]  # every blank is filled
    found = tags(text)
    assert not found.outside
    assert "script" not in found.seen
    assert found.seen.count("tr") == 2 + 3


@given(st.text(max_size=60))
def test_no_name_can_add_an_element(name: str) -> None:
    plain = tags(notice_html(HEAD, [notice()], named("Alpha"), "en")).seen  # type: ignore[arg-type]
    assert tags(notice_html(HEAD, [notice()], named(name + EVIL), "en")).seen == plain  # type: ignore[arg-type]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_cell_begins_as_a_formula(name: str) -> None:
    text = notice_csv(HEAD, [notice()], named(name), "en")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 2
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in rows[1])
    assert rows[1][1] in {name, f"'{name}"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        (" @x", "' @x"),
        ("\tx", "'\tx"),
        ("-5", "'-5"),
        ("华讯 + Co", "华讯 + Co"),
        ("89860000000000000019", "'89860000000000000019"),
        ("123", "123"),
    ],
)
def test_what_a_spreadsheet_would_run_or_round(text: str, written: str) -> None:
    assert harmless(text) == written


def test_cards_are_a_table_of_their_own() -> None:
    rows = list(csv.reader(io.StringIO(late_csv(HEAD, notice(), "en").removeprefix("\ufeff"))))
    assert rows[1:] == [
        ["'89860000000000000000", "None", "2026-03-01", "1", "yes"],
        ["'89860000000000000001", "None", "2026-03-01", "1", "no"],
    ]


def test_a_page_says_when_it_names_only_the_first_cards() -> None:
    assert f"the {MOST_LATE} cards longest" in notice_html(HEAD, [notice(MOST_LATE + 1)], named("A"), "en")  # type: ignore[arg-type]
    assert "cards not registered" in notice_html(HEAD, [notice(MOST_LATE)], named("A"), "en")  # type: ignore[arg-type]


def test_a_period_without_a_card_says_so() -> None:
    text = notice_html(HEAD, [], named("A"), "en")  # type: ignore[arg-type]
    assert "No card of an industry user joined" in text


def test_a_share_is_cut_and_not_rounded_up() -> None:
    whole = notices_of(
        [Part((EnterpriseId(1), EnterpriseId(2)), {RealName.ACTIVE: 99_999, RealName.NONE: 1}, 0, 0, JOINED, ())], 1.0
    )
    row = list(csv.reader(io.StringIO(notice_csv(HEAD, whole, named("A"), "en"))))[1]  # type: ignore[arg-type]
    assert row[6] == "99.99%"


@pytest.mark.parametrize(("language", "word"), [("en", "2026-03-01 (assumed)"), ("zh-CN", "2026-03-01（推定）")])
def test_an_assumed_date_is_marked_and_counted_apart(language: Language, word: str) -> None:
    cards = (LateCard(CardId(1), "89860000000000000001", RealName.NONE, JOINED, assumed=True),)
    whose = (EnterpriseId(11), EnterpriseId(1))
    (one,) = notices_of([Part(whose, {RealName.NONE: 1}, 0, 0, JOINED, cards, assumed=1234)], 1.0)
    assert word in late_csv(HEAD, one, language)
    assert word in notice_html(HEAD, [one], named("Alpha"), language)  # type: ignore[arg-type]
    assert notice_csv(HEAD, [one], named("Alpha"), language).rstrip().endswith(",1234")  # type: ignore[arg-type]
