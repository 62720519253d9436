"""One traversal of a day's records on DuckDB, bucket by bucket: stage one for every card, stage two for candidates.

Memory is bound by one bucket, not by the fleet. The engine may open the files of this traversal and nothing else: other
paths, extensions and settings are locked before the first rule's SQL runs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.adapters.month_totals import MonthTotals
from tallyward.detect.adapters.reference_tables import ReferenceTables
from tallyward.detect.cards.plan import EVIDENCE_COLUMNS, MOST_EVIDENCE, Plan, make_plan
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import BucketAnswer, FaultHit, KeyPairs, Seen, Witness
from tallyward.detect.ports import BucketFiles, Records
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.registry.profile_schema import PROFILE, ProfileSnapshot

_ROW_BITS: Final = 40
"""A record's place is its segment's number in the bucket, and its row in that segment, in one integer."""
_ROWS: Final = 1 << _ROW_BITS

_SEEN: Final = (
    f"count(*) AS n, min(ts) AS first, max(ts) AS last, arg_min(place, row(ts, place), {MOST_EVIDENCE}) AS shown"
)


@dataclass(frozen=True, slots=True)
class Resources:
    """What the engine may take. `temporary`: a folder for what does not fit into memory; None: nothing is spilled."""

    memory_mb: int = 600
    threads: int = 2
    temporary: Path | None = None


class DuckDbTraversal:
    """Opens traversals; keeps the group lists of the last registry version at hand."""

    def __init__(self, resources: Resources | None = None, totals: Path | None = None) -> None:
        """`totals`: a folder for the month's sums of earlier days, so that they are not read again each day."""
        self._resources = resources or Resources()
        self._totals = totals
        self._reference = ReferenceTables()

    @contextmanager
    def open(
        self, rules: tuple[Rule, ...], profiles: ProfileSnapshot, files: Sequence[BucketFiles], records: Records
    ) -> Iterator["_Run"]:
        """Begin a traversal of these files and no others."""
        engine = duckdb.connect(":memory:", config=self._settings())
        try:
            reference = self._reference.load(engine, profiles, records)
            plan = make_plan(rules, reference.prone, reference.strange_cells)
            totals = MonthTotals(engine, plan.months, self._totals)
            _lock(engine, files, totals.folders())
            yield _Run(engine, plan, reference.area_codes, files, totals)
        except duckdb.Error as error:
            raise UnavailableError("detect.engine", problem=str(error).split("\n", maxsplit=1)[0][:200]) from error
        finally:
            engine.close()

    def _settings(self) -> dict[str, str | bool | int | float | list[str]]:
        given = self._resources
        return {
            "threads": given.threads,
            "memory_limit": f"{given.memory_mb}MB",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(given.temporary) if given.temporary else "",
        }


def _lock(engine: duckdb.DuckDBPyConnection, files: Sequence[BucketFiles], folders: list[Path]) -> None:
    paths = [str(one.profile) for one in files if one.profile]
    paths += [str(segment.path) for one in files for part in (one.segments, *one.earlier) for segment in part]
    engine.execute(f"SET allowed_paths = {_texts(paths)}")
    engine.execute(f"SET allowed_directories = {_texts([f'{folder}/' for folder in folders])}")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")


class _Run:
    """One traversal under way."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        plan: Plan,
        area_codes: dict[int, str],
        files: Sequence[BucketFiles],
        totals: MonthTotals,
    ) -> None:
        self._engine = engine
        self.plan = plan
        self.area_codes = area_codes
        self._files = {one.bucket: one for one in files}
        self._totals = totals
        self._segments: tuple[int, ...] = ()

    def bucket(self, number: int) -> BucketAnswer:
        """Traverse one bucket: every record of it, known card or not."""
        files = self._files[number]
        answer = BucketAnswer(number)
        self._offer(files)
        answer.cards = self._one("SELECT count(*) FROM profile") if files.profile else 0
        if not files.segments:
            answer.blind = [0] * len(self.plan.blind)
        elif number == UNKNOWN_BUCKET:
            self._strangers(answer)
        else:
            self._known(answer, files)
        return answer

    def hot_cards(self, number: int, fault: int, keys: NDArray[np.uint64], cards: NDArray[np.uint32]) -> list[FaultHit]:
        """The records of cards in a bucket whose second key is hot, as hits of a fault that counts by key."""
        self._offer(self._files[number])
        self._see(np.unique(cards))
        hot = pa.table({"key": keys, "card_id": cards})
        self._engine.register("hot", hot)
        one = next(key for key in self.plan.keys if key.fault == fault)
        found = self._arrow(one.hot)
        self._engine.unregister("hot")
        key_of = dict(zip(cards.tolist(), keys.tolist(), strict=True))
        return [
            FaultHit(fault, seen.code, *seen[1:4], None, one.at_least, "rule", seen.witnesses, key_of[seen.code])
            for seen in self._seen_rows(found)
        ]

    # the relations that the plan speaks of

    def _offer(self, files: BucketFiles) -> None:
        self._segments = tuple(int(segment.id) for segment in files.segments)
        if files.segments:
            table = pa.table(
                {
                    "path": [str(segment.path) for segment in files.segments],
                    "number": pa.array(range(len(files.segments)), pa.int64()),
                }
            )
            self._engine.register("offered", table)
            self._engine.execute("CREATE OR REPLACE TEMP TABLE segment_file AS FROM offered")
            self._engine.unregister("offered")
            read = f"FROM read_parquet({_texts([str(segment.path) for segment in files.segments])}"
            self._engine.execute(f"CREATE OR REPLACE TEMP VIEW records AS {read})")
            self._engine.execute(
                f"CREATE OR REPLACE TEMP VIEW placed AS SELECT *, number * {_ROWS} + file_row_number AS place "
                f"{read}, filename = true, file_row_number = true) JOIN segment_file ON path = filename"
            )
        source = f"read_parquet({_text(str(files.profile))})" if files.profile else "no_profile"
        no_profile = PROFILE.empty_table()
        self._engine.register("no_profile", no_profile)
        self._engine.execute(f"CREATE OR REPLACE TEMP VIEW profile AS FROM {source}")
        self._totals.offer(files.earlier)

    # stage one and two

    def _known(self, answer: BucketAnswer, files: BucketFiles) -> None:
        picked = self._arrow(f"WITH sketch AS ({self.plan.sketch}) {self.plan.pick}")
        columns = {name: _numpy(picked.column(name)) for name in picked.column_names}
        cards, known = columns["card_id"], columns["known"]
        answer.records = int(columns["n"].sum())
        expected = sum(segment.rows for segment in files.segments)
        if answer.records != expected:
            raise CorruptError("detect.records_differ", bucket=files.bucket, read=answer.records, expected=expected)
        answer.cards_seen = int(known.sum())
        answer.blind = [int(columns[f"blind_{at}"].sum()) for at in range(len(self.plan.blind))]
        self._pairs(answer, columns)
        wanted = (columns["candidate"] & known) | columns["strange"] | ~known
        answer.candidates = int((wanted | (columns["possible"] & known)).sum())
        wanted = np.union1d(cards[wanted], self._narrowed(answer, columns))
        if not len(wanted):
            return
        self._see(wanted)
        answer.hits = self._hits()
        if not known.all():
            self._lost(answer, "seen WHERE card_id NOT IN (SELECT card_id FROM profile)")
        if columns["strange"].any():
            answer.cells = self._seen("cell", f"seen WHERE cell >= {self.plan.strange_cells}")

    def _pairs(self, answer: BucketAnswer, columns: dict[str, NDArray[Any]]) -> None:
        """Cards and keys that stage one knows already."""
        for key in self.plan.keys:
            values = columns[f"key_{key.fault}"]
            has = (values != 0) & columns["known"]
            answer.pairs.append(KeyPairs(key.fault, values[has], columns["card_id"][has]))

    def _narrowed(self, answer: BucketAnswer, columns: dict[str, NDArray[Any]]) -> NDArray[np.uint32]:
        """The cards that exact counts leave of those that bounds let through; pairs of cards with several keys."""
        possible = columns["possible"] & ~columns["candidate"]
        unsure = [columns[f"unsure_{key.fault}"] for key in self.plan.keys]
        cards: NDArray[np.uint32] = columns["card_id"][np.logical_or.reduce([possible, *unsure]) & columns["known"]]
        if not len(cards):
            return cards
        self._of_cards("looked", cards, self.plan.look)
        for key in self.plan.keys:
            found = self._arrow(key.pairs)
            answer.pairs.append(KeyPairs(key.fault, _numpy(found.column(0)), _numpy(found.column(1))))
        left: NDArray[np.uint32] = _numpy(self._arrow(self.plan.narrow).column(0))
        return left

    def _see(self, cards: NDArray[np.uint32]) -> None:
        """Take the records of some cards out of the segments, and judge each by the record conditions."""
        columns = ", ".join(["card_id", "stranger", *_read(self.plan), "place"])
        self._of_cards("seen", cards, f"SELECT {columns} FROM placed SEMI JOIN wanted USING (card_id)")
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {self.plan.judge}")

    def _of_cards(self, name: str, cards: NDArray[np.uint32], sql: str) -> None:
        wanted = pa.table({"card_id": cards})
        self._engine.register("wanted", wanted)
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        self._engine.unregister("wanted")

    def _hits(self) -> list[FaultHit]:
        found = self._arrow(self.plan.count)
        raw: list[tuple[Any, ...]] = []
        for place in range(len(self.plan.faults)):
            if f"hit_{place}" not in found.column_names:
                continue
            own = found.filter(found.column(f"hit_{place}"))
            names = [
                "card_id",
                *(f"{n}_{place}" for n in ("n", "first", "last", "observed", "limit", "origin", "shown")),
            ]
            columns = [own.column(name).to_pylist() for name in names]
            raw += [(place, *row) for row in zip(*columns, strict=True)]
        witnesses = self._witnesses("seen", [row[-1] for row in raw])
        return [
            FaultHit(place, card, n, first, last, _plain(observed), _plain(limit), origin, shown)
            for (place, card, n, first, last, observed, limit, origin, _), shown in zip(raw, witnesses, strict=True)
        ]

    # what the registry does not know

    def _strangers(self, answer: BucketAnswer) -> None:
        answer.blind = [0] * len(self.plan.blind)
        answer.records = self._one("SELECT count(*) FROM records")
        self._lost(answer, "placed")
        answer.cells = self._seen("cell", f"placed WHERE cell >= {self.plan.strange_cells}")

    def _lost(self, answer: BucketAnswer, source: str) -> None:
        joined = "AND" if " WHERE " in source else "WHERE"
        answer.strangers += self._seen("stranger", f"{source} {joined} card_id = 0")
        answer.lost_cards += self._seen("card_id", f"{source} {joined} card_id <> 0")

    def _seen(self, code: str, source: str) -> list[Seen]:
        sql = f"SELECT {code}, {_SEEN} FROM {source} GROUP BY {code} ORDER BY {code}"
        return list(self._seen_rows(self._arrow(sql), source.split(" ", maxsplit=1)[0]))

    def _seen_rows(self, found: pa.Table, source: str = "seen") -> Iterator[Seen]:
        columns = [found.column(at).to_pylist() for at in range(5)]
        for code, n, first, last, shown in zip(*columns[:4], self._witnesses(source, columns[4]), strict=True):
            yield Seen(code, n, first, last, shown)

    # reading back

    def _witnesses(self, source: str, shown: Sequence[Sequence[int]]) -> Iterator[tuple[Witness, ...]]:
        """The records at some places, in the order asked for."""
        wanted = pa.table({"place": pa.array(sorted({place for places in shown for place in places}), pa.int64())})
        self._engine.register("places", wanted)
        found = self._arrow(f"SELECT place, {', '.join(EVIDENCE_COLUMNS)} FROM {source} SEMI JOIN places USING (place)")
        self._engine.unregister("places")
        columns = [found.column(name).to_pylist() for name in found.column_names]
        kept = {
            row[0]: Witness(self._segments[row[0] >> _ROW_BITS], row[0] & (_ROWS - 1), *row[1:])
            for row in zip(*columns, strict=True)
        }
        for places in shown:
            yield tuple(kept[place] for place in places)

    def _arrow(self, sql: str) -> pa.Table:
        return self._engine.sql(sql).to_arrow_table()

    def _one(self, sql: str) -> int:
        return int(self._engine.execute(sql).fetchall()[0][0])


def _read(plan: Plan) -> list[str]:
    return sorted({*EVIDENCE_COLUMNS, *plan.record_columns, "plmn", "rat"} - {"card_id"})


def _numpy(column: pa.ChunkedArray) -> NDArray[Any]:
    found: NDArray[Any] = column.to_numpy()
    return found


def _plain(value: Any) -> int | float | None:  # noqa: ANN401 - the engine gives wide integers as decimals
    return value if value is None or isinstance(value, int | float) else int(value)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _texts(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
