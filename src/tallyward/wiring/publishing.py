"""Files sent into the stream of records, as a mediation system would: text columns in Arrow blocks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import SourceId
from tallyward.records.adapters.jetstream import BusAddress, JetStreamPublisher
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.offering_ports import RecordPublisher
from tallyward.wiring.nats_server import token_of
from tallyward.wiring.settings import OWN_SERVER, Settings

_ROWS: Final = 50_000
_LOOK: Final = 0.2
_BLOCK: Final = 8 << 20


def bus_address(settings: Settings) -> BusAddress:
    """Where the settings say the bus is; refuses with `wiring.no_bus` where they say nothing."""
    if not settings.nats:
        raise InvalidError("wiring.no_bus")
    token = settings.nats_token.get_secret_value() if settings.nats_token else None
    most = settings.stream_mb << 20
    if settings.nats == OWN_SERVER:
        return BusAddress(f"nats://127.0.0.1:{settings.nats_port}", token_of(settings.folder / "nats"), most)
    return BusAddress(settings.nats, token, most)


@contextmanager
def publishing(settings: Settings) -> Iterator[RecordPublisher]:
    """A publisher into the stream of the settings."""
    publisher = JetStreamPublisher(bus_address(settings), patience=settings.publish_seconds)
    try:
        yield publisher
    finally:
        publisher.close()


@contextmanager
def stream_delivery(settings: Settings) -> Iterator["StreamDelivery"]:
    """A way for simulated files to come in by the stream, as they would from a mediation system."""
    publisher = JetStreamPublisher(bus_address(settings), patience=settings.publish_seconds)
    try:
        yield StreamDelivery(publisher)
    finally:
        publisher.close()


class StreamDelivery:
    """Sends each file into the stream. What has not the form of a line can't be sent: only fields can be wrong."""

    def __init__(self, publisher: JetStreamPublisher) -> None:
        """Send by `publisher`."""
        self._publisher = publisher

    def __call__(self, _source: SourceId, _name: str, data: bytes) -> None:
        """Send one mediation CSV."""
        for rows in _text_rows(BytesIO(data), []):
            self._publisher.publish(rows)

    def wait(self, stopped: Callable[[float], bool]) -> bool:
        """Until the stream is empty: every message was taken in; False if `stopped(seconds to wait)` said so before."""
        while self._publisher.waiting():
            if stopped(_LOOK):
                return False
        return True


def publish_file(publisher: RecordPublisher, path: Path, progress: Callable[[int, int], None]) -> tuple[int, int, int]:
    """(rows sent, messages, lines that can't be sent) of a mediation CSV or Parquet file."""
    rows = messages = done = 0
    broken: list[int] = []
    for part in _parts(path, broken):
        messages += publisher.publish(part)
        rows += part.num_rows
        done += part.nbytes
        progress(rows, 0)
    return rows, messages, len(broken)


def _parts(path: Path, broken: list[int]) -> Iterator[pa.Table]:
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(_ROWS):
                    yield pa.Table.from_batches([batch])
            return
        yield from _text_rows(path, broken)
    except (pa.ArrowException, KeyError, OSError) as wrong:
        raise InvalidError("wiring.not_sendable", name=path.name, reason=str(wrong)[:200]) from wrong


def _text_rows(source: Path | BytesIO, broken: list[int]) -> Iterator[pa.Table]:
    with pa_csv.open_csv(
        source,
        read_options=pa_csv.ReadOptions(block_size=_BLOCK),
        parse_options=pa_csv.ParseOptions(invalid_row_handler=lambda row: _skip(row, broken)),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS, pa.string()),
            include_columns=list(COLUMNS),
            strings_can_be_null=True,
        ),
    ) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _skip(row: pa_csv.InvalidRow, broken: list[int]) -> str:
    broken.append(row.number or 0)
    return "skip"
