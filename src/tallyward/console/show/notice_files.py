"""The notice (通报) as a file: HTML to print, that needs nothing from outside, and CSV that no spreadsheet can run.

Pure: notices in, text out. Every text from rows is escaped; in CSV a text that a spreadsheet would take for a formula
(OWASP, CSV injection: it begins with = + - @ tab or return) is led by an apostrophe.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final, TypeAlias

from tallyward.console.show.inspections import days_late
from tallyward.kernel.catalogue import Language, words
from tallyward.kernel.ids import EnterpriseId
from tallyward.registry.inspection import MOST_LATE, Inspection, LateCard, Notice
from tallyward.registry.model import RealName

EnterpriseName: TypeAlias = Callable[[EnterpriseId], tuple[str, str]]
"""(code, name) of an enterprise."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"  # spreadsheets read UTF-8 by it
_STYLE: Final = (
    "body{font:14px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#1a1a1a;background:#fff;"
    "max-width:60rem;margin:2rem auto;padding:0 1rem}h1{font-size:22px;text-align:center}"
    "h2{font-size:17px;margin:1.8rem 0 .4rem}table{border-collapse:collapse;width:100%;margin:.6rem 0}"
    "th,td{border:1px solid #767676;padding:4px 8px;text-align:left}th{background:#f0f0f0}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.wide{overflow-x:auto}"
    "section{break-inside:avoid-page}@media print{body{margin:0;max-width:none}}"
)


def notice_html(head: Inspection, notices: Sequence[Notice], name: EnterpriseName, language: Language) -> str:
    """The whole notice in one language: the table of enterprises, then each enterprise's cards."""

    def say(key: str, **blanks: str | float | None) -> str:
        return escape(words(language, f"console.notice.{key}", **blanks))

    title = say("title")
    period = say("period", since=head.since.isoformat(), until=head.until.isoformat())
    rule = say("rule", share=_percent(head.threshold), made=_minute(head.made_at))
    rows = [_cells(head, one, name, language) for one in notices]
    columns = [say(f"column.{key}") for key in _COLUMNS]
    body = _table(columns, rows) if rows else f"<p>{say('nothing')}</p>"
    cards = "".join(_cards(head, one, name, language) for one in notices if one.late)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{period}</p><p>{rule}</p>{body}{cards}<p>{say('foot')}</p></body></html>\n"
    )


def notice_csv(head: Inspection, notices: Iterable[Notice], name: EnterpriseName, language: Language) -> str:
    """One row an enterprise, with a byte order mark."""
    return _csv(
        [words(language, f"console.notice.column.{key}") for key in _COLUMNS],
        (_cells(head, one, name, language) for one in notices),
    )


def late_csv(head: Inspection, notice: Notice, language: Language) -> str:
    """One row for each card that the notice names."""
    return _csv(
        [words(language, f"console.notice.card.{key}") for key in _CARD_COLUMNS], _card_rows(head, notice, language)
    )


_COLUMNS: Final = (
    "code",
    "enterprise",
    "verdict",
    "joined",
    "registered",
    "unregistered",
    "share",
    *(state.value for state in RealName),
    "in_use",
    "longest",
    "undated",
    "assumed",
)
_CARD_COLUMNS: Final = ("iccid", "state", "joined", "days", "in_use")
Cell: TypeAlias = str | int


def _cells(head: Inspection, notice: Notice, name: EnterpriseName, language: Language) -> list[Cell]:
    code, title = name(notice.enterprise)
    longest = "" if notice.longest_since is None else _day(notice.longest_since)
    return [
        code,
        title,
        words(language, f"console.notice.verdict.{notice.verdict.value}", share=_percent(head.threshold)),
        notice.joined,
        notice.registered,
        notice.unregistered,
        "" if notice.share is None else _percent(notice.share),
        *(notice.states.get(state, 0) for state in RealName),
        notice.in_use,
        longest,
        notice.undated,
        notice.assumed,
    ]


def _card_rows(head: Inspection, notice: Notice, language: Language) -> list[list[Cell]]:
    return [
        [
            one.iccid,
            words(language, f"console.notice.column.{one.state.value}"),
            _joined(one, language),
            days_late(head, one),
            words(language, f"console.notice.{'yes' if one.in_use else 'no'}"),
        ]
        for one in notice.late
    ]


def _joined(one: LateCard, language: Language) -> str:
    day = _day(one.joined_at)
    return words(language, "console.notice.assumed", day=day) if one.assumed else day


def _cards(head: Inspection, notice: Notice, name: EnterpriseName, language: Language) -> str:
    key = "cards_first" if notice.unregistered > MOST_LATE else "cards"
    code, title = name(notice.enterprise)
    heading = escape(words(language, f"console.notice.{key}", name=title, code=code, most=MOST_LATE))
    columns = [escape(words(language, f"console.notice.card.{column}")) for column in _CARD_COLUMNS]
    return f"<section><h2>{heading}</h2>{_table(columns, _card_rows(head, notice, language))}</section>"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    lines = "".join("<tr>" + "".join(map(_html_cell, row)) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>'


def _html_cell(value: Cell) -> str:
    return f'<td class="n">{value}</td>' if isinstance(value, int) else f"<td>{escape(value)}</td>"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(value) if isinstance(value, str) else value for value in row] for row in rows)
    return _BOM + into.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; long numbers stay text as well."""
    digits = text.isascii() and text.isdigit() and len(text) > _EXACT_DIGITS
    return f"'{text}" if digits or text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


_EXACT_DIGITS: Final = 15  # a spreadsheet rounds longer numbers, such as ICCIDs


def _percent(share: float) -> str:
    """Cut, not rounded: 99.999 % is not 100 %."""
    return f"{int(share * 10_000 + 1e-9) / 100:g}%"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _minute(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
