"""A JetStream stream as a source of records, and the way to publish into it. Blocking calls upon an event loop thread.

The stream is a work queue on disk: a message leaves it with its acknowledgement, so its size is what waits. Where it is
full, the server refuses what is published (`discard=new`), and that is the back-pressure.
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import nats
import pyarrow as pa
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext, api
from nats.js.errors import APIError, NotFoundError

from tallyward.kernel.errors import UnavailableError
from tallyward.records.intake_state import Behind
from tallyward.records.message_block import MOST_BYTES, blocks
from tallyward.records.offering_ports import Message

STREAM: Final = "TALLYWARD_RECORDS"
SUBJECT: Final = "tallyward.records"
_CONSUMER: Final = "tallyward-intake"
_FULL: Final = 10077
"""JetStream's error code for "maximum bytes exceeded"."""
_ANSWER_SECONDS: Final = 5.0
_CONNECT_SECONDS: Final = 2.5
_PAUSE: Final = 0.25
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class BusAddress:
    """Where a server is, and how to be let in. `most_bytes`: what the stream may hold where it is made here."""

    url: str
    token: str | None = None
    most_bytes: int = 1 << 30
    ack_seconds: float = 60.0


class _Line:
    """A connection that is made with the first use and mends itself; what goes wrong is told as one refusal."""

    def __init__(self, address: BusAddress) -> None:
        self._address = address
        self.place = f"{address.url.rpartition('@')[2]} {SUBJECT}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bus", daemon=True)
        self._thread.start()
        self._client: Client | None = None
        self._last = ""

    def call(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        """Do it in the loop; refuses with `records.bus_unreachable`."""
        with self._telling():
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds + _ANSWER_SECONDS)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (NatsError, OSError, TimeoutError, asyncio.CancelledError) as wrong:
            reason = str(wrong).strip() or self._last or type(wrong).__name__
            raise UnavailableError("records.bus_unreachable", place=self.place, reason=reason[:200]) from wrong

    async def _note(self, error: Exception) -> None:
        """What goes wrong in the background is told with the next refusal."""
        self._last = str(error).strip()

    async def context(self) -> JetStreamContext:
        """JetStream with our stream in it."""
        if self._client is None or self._client.is_closed:
            connecting = nats.connect(
                self._address.url,
                token=self._address.token,
                allow_reconnect=True,
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.5,
                connect_timeout=2,
                error_cb=self._note,
            )
            self._client = await asyncio.wait_for(connecting, _CONNECT_SECONDS)
        return self._client.jetstream(timeout=_ANSWER_SECONDS)

    async def stream(self, context: JetStreamContext) -> api.StreamInfo:
        """Our stream, made where it is missing; one that is there stays as it is."""
        try:
            return await context.stream_info(STREAM)
        except NotFoundError:
            return await context.add_stream(
                api.StreamConfig(
                    name=STREAM,
                    subjects=[SUBJECT],
                    retention=api.RetentionPolicy.WORK_QUEUE,
                    storage=api.StorageType.FILE,
                    max_bytes=self._address.most_bytes,
                    max_msg_size=MOST_BYTES + (8 << 10),
                    discard=api.DiscardPolicy.NEW,
                    duplicate_window=120,
                )
            )

    def close(self) -> None:
        """Hang up."""
        if self._client is not None and not self._client.is_closed:
            with self._telling_nothing():
                asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(_ANSWER_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextmanager
    def _telling_nothing(self) -> Iterator[None]:
        try:
            yield
        except (NatsError, OSError, TimeoutError):
            return


class JetStreamRecords:
    """A `RecordStream`. One consumer a stream: two platforms never share one."""

    def __init__(self, address: BusAddress) -> None:
        """Nothing is asked before the first `fetch`."""
        self._line = _Line(address)
        self._address = address
        self._subscription: JetStreamContext.PullSubscription | None = None
        self._identity = ""

    @property
    def place(self) -> str:
        """Server and subject."""
        return self._line.place

    def identity(self) -> str:
        """Name and moment of making: a stream made anew counts from 1 again and must not be taken for the old one."""
        return self._identity

    def fetch(self, most: int, seconds: float) -> list[Message]:
        """Up to so many messages; waits so long for the first."""
        return self._line.call(self._fetch(most, seconds), seconds)

    async def _fetch(self, most: int, seconds: float) -> list[Message]:
        context = await self._line.context()
        info = await self._line.stream(context)
        identity = f"{STREAM}@{info.created.isoformat() if info.created else ''}"
        if self._subscription is None or identity != self._identity:
            self._subscription = await context.pull_subscribe(
                SUBJECT, durable=_CONSUMER, stream=STREAM, config=self._consumer()
            )
            self._identity = identity
        try:
            found = await self._subscription.fetch(most, timeout=seconds)
        except TimeoutError:
            return []
        return [Message(one.metadata.sequence.stream, one.data, one) for one in found]

    def _consumer(self) -> api.ConsumerConfig:
        return api.ConsumerConfig(
            durable_name=_CONSUMER,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=self._address.ack_seconds,
            max_ack_pending=4_096,
        )

    def done(self, messages: Sequence[Message]) -> None:
        """Acknowledge them."""
        self._line.call(_each(messages, Msg.ack), _ANSWER_SECONDS)

    def give_back(self, messages: Sequence[Message]) -> None:
        """Let them come again; where even that can't be said, they come when their time to be acknowledged is over."""
        try:
            self._line.call(_each(messages, Msg.nak), _ANSWER_SECONDS)
        except UnavailableError:
            return

    def behind(self) -> Behind:
        """Messages in the stream: those that are under way as well."""
        return self._line.call(self._behind(), 0)

    async def _behind(self) -> Behind:
        info = await self._line.stream(await self._line.context())
        return Behind(info.state.messages, info.state.bytes)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class JetStreamPublisher:
    """A `RecordPublisher`."""

    def __init__(self, address: BusAddress, *, patience: float = 60.0) -> None:
        """Wait for room in a full stream for `patience` seconds."""
        self._line = _Line(address)
        self._patience = patience

    def publish(self, rows: pa.Table) -> int:
        """Send rows in blocks; refuses with `records.stream_full` where there is no room for too long."""
        sent = 0
        for block in blocks(rows):
            self._send(block)
            sent += 1
        return sent

    def waiting(self) -> int:
        """Messages in the stream that are not taken in yet."""
        return self._line.call(self._waiting(), 0)

    async def _waiting(self) -> int:
        return (await self._line.stream(await self._line.context())).state.messages

    def _send(self, block: bytes) -> None:
        until = time.monotonic() + self._patience
        while not self._line.call(self._offer(block), _ANSWER_SECONDS):
            if time.monotonic() > until:
                raise UnavailableError("records.stream_full", place=self._line.place)
            time.sleep(_PAUSE)

    async def _offer(self, block: bytes) -> bool:
        """False where the stream is full. A block sent again is known by its digest."""
        context = await self._line.context()
        await self._line.stream(context)
        headers = {"Nats-Msg-Id": hashlib.sha256(block).hexdigest()}
        try:
            await context.publish(SUBJECT, block, headers=headers, stream=STREAM)
        except APIError as refused:
            if refused.err_code == _FULL:
                return False
            raise
        return True

    def close(self) -> None:
        """Hang up."""
        self._line.close()


async def _each(messages: Sequence[Message], say: Any) -> None:  # noqa: ANN401 - a method of the library's message
    client: Client | None = None
    for message in messages:
        if isinstance(message.handle, Msg):
            await say(message.handle)
            client = message.handle._client  # noqa: SLF001 - the library has no public way from message to client
    if client is not None:
        await client.flush(int(_ANSWER_SECONDS))
