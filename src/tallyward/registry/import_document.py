"""docs/import-formats.md: what import files must be like, with the tables of all columns. Pure."""

from typing import Final

from tallyward.registry.columns import COLUMNS, IMPORT_ORDER, Column, Form, Kind

_FORMS: Final[dict[Form, str]] = {
    Form.CODE: "code",
    Form.TEXT: "text",
    Form.FLAG: "`true` or `false`",
    Form.COUNT: "whole number",
    Form.LATITUDE: "-90 to 90",
    Form.LONGITUDE: "-180 to 180",
    Form.MOMENT: "ISO 8601 time with offset",
    Form.ICCID: "ICCID",
    Form.IMSI: "IMSI",
    Form.MSISDN: "MSISDN",
    Form.IMEI: "IMEI",
    Form.CGI: "cgi",
    Form.PLMNS: "PLMNs",
    Form.PEER: "peer",
}


_INTRODUCTION: Final = """\
# Import and export files

`tallyward import KIND FILE...` takes CSV or Parquet; `tallyward export KIND FILE` writes files that can be
imported again. What a file is is told by its content, not by its name.

- **CSV**: UTF-8 with or without byte order mark, commas, a header line. Cells may stand in double quotes (a
  quote within is written twice); a line break within quotes is not taken. Blank lines are skipped. At most 8
  GiB.
- **Parquet**: the same columns, of any type that writes the same text; times with a time zone. At most 2 GiB
  a row group.
- The order of columns is free. An optional column may be absent, which means a column of empty cells. A
  column that the kind does not have is refused, so that a misspelt one does not go unnoticed.
- **Rows are whole**: an empty cell means what the table says, for new rows and for changed ones.
- **References are codes and numbers that stand on labels.** They point backwards only; import in this order:
  enterprises, classes, areas, cells, group_lists, terminals, cards, bindings. Only the `area` of enterprises
  points forwards: import enterprises that have one after areas, or once more then.
- **A bad row does not stop the others.** Each is told with its line (Parquet: row), column, code and value;
  the first 1,000 problems are spelt out, the rest counted. A file that can't be read at all is refused before
  anything is stored.
- **The same file twice changes nothing.** A row whose key exists and differs changes it; nothing is ever
  removed, except entries of a group list: a list that stands in a file holds exactly the file's entries
  afterwards, unless a row of the file was rejected.
- Rows are stored some 100,000 at a time, each portion whole or not at all, with an entry in the audit log. An
  import that was killed is finished by importing the file again.
- A number (IMSI, MSISDN) that moves from one card to another needs two imports: the first frees it, the
  second gives it.
- Spreadsheets round long numbers (8.98604E+19): set such columns to text before the numbers go in.
- Rows of classes, areas, cells and enterprises are everybody's: only people of the platform import them.
  People of one enterprise import rows that it holds or operates.

Forms: a *code* is 1 to 64 letters, digits and `. _ : / -`, beginning with a letter or digit. Numbers of
networks are checked as ITU-T E.118 (ICCID; with letters no check digit is known), 3GPP TS 23.003 (IMSI, IMEI)
and ITU-T E.164 (MSISDN) say. `true`, `1`, `yes` and `false`, `0`, `no` are the same.
"""


def import_document() -> str:
    """The whole of docs/import-formats.md: what files must be like, and all columns; a test compares the two."""
    return "\n".join([_INTRODUCTION, *map(_kind_table, IMPORT_ORDER)])


def _kind_table(kind: Kind) -> str:
    rows = [
        f"## {kind.value}",
        "",
        "| column | form | meaning | if empty |",
        "| --- | --- | --- | --- |",
        *(f"| `{c.name}` | {_form(c)} | {c.meaning} | {_empty(c)} |" for c in COLUMNS[kind]),
        "",
    ]
    return "\n".join(rows)


def _form(column: Column) -> str:
    if column.form is Form.CHOICE:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.form is Form.TEXT:
        return f"text, at most {column.longest} characters"
    return _FORMS[column.form]


def _empty(column: Column) -> str:
    return "**refused**" if column.required else column.empty
