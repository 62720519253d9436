"""Stage two of a traversal: the candidates' records with their profiles, judged as the rules say. Pure SQL text.

The conditions are the rules' own here, not bounds: distinct counts are distinct counts, distances come from the
coordinates of cells, lists are looked up entry by entry. A record's cell or list is joined from the left, so a record
that has none stays.
"""

from dataclasses import dataclass, field
from typing import Final

from tallyward.detect.cards import emit_sql, tree
from tallyward.detect.cards.hour_panes import HOURS
from tallyward.detect.cards.tree import Aggregate, OnList
from tallyward.detect.cards.vocabulary import Column, Home
from tallyward.records.schema import KM_PER_DEGREE

SPAN_KM: Final = f"""greatest(
    (max(lat){{filter}} - min(lat){{filter}}) * {KM_PER_DEGREE!r}::DOUBLE,
    least(max(lon){{filter}} - min(lon){{filter}}, max(lon_east){{filter}} - min(lon_east){{filter}})
        * {KM_PER_DEGREE!r}::DOUBLE * cos(radians((max(lat){{filter}} + min(lat){{filter}}) / 2)))"""
"""The longer side of the box around the known cells; `lon_east` counts from 0 to 360, for boxes across 180 degrees."""


PLACES: Final = "lat, lon, (CASE WHEN lon < 0 THEN lon + 360 ELSE lon END) AS lon_east"
"""Columns of a record that is joined with `cells`."""


@dataclass(frozen=True, slots=True)
class RecordNames:
    """Columns where records (`r`), profiles (`p`) and the lists of the card (`on_<list>`) stand side by side."""

    prone_areas: tuple[int, ...]
    lists: dict[str, None] = field(default_factory=dict)  # list columns that are looked up, in order

    def column(self, column: Column) -> str:
        """A column of its own table."""
        return f"{'r' if column.home is Home.RECORD else 'p'}.{column.name}"

    def listed(self, atom: OnList) -> str:
        """The result of the look-up, joined below."""
        self.lists.setdefault(atom.list.name)
        return listed_in(atom.list.name)

    def prone(self, area: str) -> str:
        """One of the marked areas."""
        return emit_sql.in_numbers(area, self.prone_areas)

    def aggregate(self, part: Aggregate) -> str:
        """No record has aggregates."""
        raise NotImplementedError(part)

    def counted(self, part: Aggregate) -> str:
        """No record has aggregates."""
        raise NotImplementedError(part)


def listed_in(name: str) -> str:
    """TRUE where the record's peer is an entry of the card's list or within one of its prefixes."""
    return f"(entry_{name}.list IS NOT NULL OR prefix_{name}.list IS NOT NULL)"


def list_joins(lists: dict[str, None]) -> str:
    """The joins behind `listed_in`; entries are unique and prefixes of a list do not overlap, so no record doubles."""
    return "\n".join(
        f"LEFT JOIN list_entry entry_{name} ON entry_{name}.list = p.{name} AND entry_{name}.peer = r.peer\n"
        f"LEFT JOIN list_prefix prefix_{name} ON prefix_{name}.list = p.{name}"
        f" AND r.peer >= prefix_{name}.low AND r.peer <= prefix_{name}.high"
        for name in lists
    )


@dataclass(slots=True)
class Tally:
    """The exact aggregates of one GROUP BY over judged records: SQL -> column name. Shared by all rules."""

    names: dict[str, str] = field(default_factory=dict)
    peaks: dict[str, str] = field(default_factory=dict)

    def keep_peak(self, sql: str) -> str:
        """The table (card_id, most) of one sliding window."""
        return self.peaks.setdefault(sql, f"w{len(self.peaks)}")

    def joins(self) -> str:
        """The sliding windows, each joined to its card."""
        return "".join(f"\nLEFT JOIN ({sql}) {name} USING (card_id)" for sql, name in self.peaks.items())

    def keep(self, sql: str) -> str:
        """The column of one aggregate."""
        return self.names.setdefault(sql, f"t{len(self.names)}")

    def columns(self) -> str:
        """The aggregates as columns of a SELECT, each after a comma."""
        return "".join(f", {sql} AS {name}" for sql, name in self.names.items())


@dataclass(frozen=True, slots=True)
class CardNames:
    """Columns where the tally (`v`), profiles (`p`) and the month (`m`) stand side by side; `where` picks records."""

    tally: Tally
    where: str
    prone_areas: tuple[int, ...]
    months: dict[str, str]

    def column(self, column: Column) -> str:
        """A profile column."""
        return f"p.{column.name}"

    def listed(self, atom: OnList) -> str:
        """No card has one peer."""
        raise NotImplementedError(atom)

    def prone(self, area: str) -> str:
        """One of the marked areas."""
        return emit_sql.in_numbers(area, self.prone_areas)

    def aggregate(self, part: Aggregate) -> str:
        """The exact value over the records that `where` picks."""
        if part.function == "span_km":
            return self._kept(f"coalesce({SPAN_KM.format(filter=self._filter())}, 0)")
        if part.function == "count_distinct":
            name = tree.columns(part)[0].name
            return self._kept(f"count(DISTINCT {name}){self._filter(f'{name} <> 0')}")
        if part.of is None:
            counted = "DISTINCT ts // 3600" if part.function == "active_hours" else "*"
            return self._kept(f"count({counted}){self._filter()}")
        value = emit_sql.scalar(part.of, BareNames())
        if part.function == "month_sum":
            total = self._kept(f"coalesce(sum({value}){self._filter()}, 0)")
            return f"({total} + coalesce(m.{self.months[value]}, 0))"
        if part.function == "peak_sum":
            return self._peak(value, part.hours)
        return self._kept(f"coalesce({part.function}({value}){self._filter()}, 0)")

    def _peak(self, value: str, hours: int) -> str:
        """The most of any `hours` clock hours in a row: those that end with an hour of which there is a record."""
        hour = f"((ts // 3600) % {HOURS})::INTEGER"
        by_hour = f"SELECT card_id, {hour} AS hour, sum({value}) AS used FROM judged WHERE {self.where}"
        window = f"PARTITION BY card_id ORDER BY hour RANGE BETWEEN {hours - 1} PRECEDING AND CURRENT ROW"
        windows = f"SELECT card_id, sum(used) OVER ({window}) AS used FROM ({by_hour} GROUP BY ALL)"
        table = self.tally.keep_peak(f"SELECT card_id, max(used) AS most FROM ({windows}) GROUP BY card_id")
        return f"coalesce({table}.most, 0)"

    def counted(self, part: Aggregate) -> str:
        """At least one of the records has a value."""
        name = tree.columns(part)[0].name
        return "(" + self._kept(f"count(*){self._filter(f'{name} <> 0')}") + " > 0)"

    def _kept(self, sql: str) -> str:
        return f"v.{self.tally.keep(sql)}"

    def _filter(self, more: str = "TRUE") -> str:
        where = emit_sql.all_of([self.where, more])
        return "" if where == "TRUE" else f" FILTER (WHERE {where})"


@dataclass(frozen=True, slots=True)
class BareNames(RecordNames):
    """Record columns by their bare names."""

    prone_areas: tuple[int, ...] = ()

    def column(self, column: Column) -> str:
        """The bare name."""
        return column.name
