"""What reading a damaged Parquet file may raise."""

from typing import Final

import pyarrow as pa

DAMAGED: Final = (OSError, pa.ArrowException, ValueError, TypeError, LookupError, NotImplementedError)
"""A flipped byte of a file's footer is not always an error of Arrow's own."""
