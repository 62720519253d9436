"""Files that only their owner reads, from their first byte on."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write a new file, durable afterwards; never over one that is there (`FileExistsError`)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
