"""A file or some bytes that a source offers: read in bounded pieces, named by the hash of its content."""

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from tallyward.records.decode.detect_format import GZIP_MAGIC, HEAD
from tallyward.records.decode.issues import refuse

_PIECE: Final = 1 << 20


class Offered:
    """Content on offer. `where` is its path, or the bytes themselves."""

    def __init__(self, name: str, where: Path | bytes) -> None:
        """Look at the head; refuses what can't be read at all."""
        self.name = name.encode("utf-8", "backslashreplace").decode()  # file names are bytes, of any kind
        self.where = where
        self._stamp = self._now()
        self.size = self._stamp[0]
        with self.open() as stream:
            self.head = stream.read(HEAD)

    def _now(self) -> tuple[int, int, int]:
        if isinstance(self.where, bytes):
            return len(self.where), 0, 0
        with _telling(self.where):
            state = self.where.stat()
            if not self.where.is_file():
                raise InvalidError("records.not_a_file", path=str(self.where))
        return state.st_size, state.st_mtime_ns, state.st_ino

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The content from its start."""
        if isinstance(self.where, bytes):
            yield io.BytesIO(self.where)
            return
        with _telling(self.where):
            stream = self.where.open("rb")
        with stream:
            yield stream

    def digest(self) -> str:
        """SHA-256 of the content."""
        reckoning = hashlib.sha256()
        with self.open() as stream:
            while piece := stream.read(_PIECE):
                reckoning.update(piece)
        return reckoning.hexdigest()

    def head_key(self) -> str:
        """A name for content that is refused for its head alone: cheap even where it is a gigabyte of zeros."""
        return f"head:{self.size}:{hashlib.sha256(self.head).hexdigest()}"

    def content(self, most: int) -> bytes:
        """All of it; refuses more than `most` bytes."""
        if self.size > most:
            raise refuse("records.file_too_large", detail=str(most))
        with self.open() as stream:
            return stream.read()

    def check_unchanged(self) -> None:
        """Refuse a file that somebody still writes: what was read is not what was hashed."""
        if self._now() != self._stamp:
            raise ConflictError("records.file_changed", path=str(self.where))


class Text:
    """The text of a stream, decompressed where it is gzip; a broken gzip stream is refused."""

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        """Read `stream`, which begins with `head`."""
        self._raw = stream
        self._text: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=stream) if head.startswith(GZIP_MAGIC) else stream

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes of text; fewer only at the end."""
        try:
            return self._text.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise refuse("records.broken_gzip", offset=self._raw.tell(), detail=str(error)) from None

    def whole(self, most: int) -> bytes:
        """All of the text; refuses more than `most` bytes."""
        found = self.read(most + 1)
        if len(found) > most:
            raise refuse("records.file_too_large", detail=str(most))
        return found

    def done(self) -> int:
        """How many bytes of the stream were read so far."""
        return self._raw.tell()


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFoundError("records.no_file", path=str(path)) from None
    except OSError as error:
        raise UnavailableError(
            "records.file_unreadable", path=str(path), detail=os.strerror(error.errno or 0)
        ) from error
