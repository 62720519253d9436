"""Fixtures of all rooms. The PostgreSQL server that some need stands in `postgres_server`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests import each other's sample data as tests.<room>

pytest_plugins = ["tests.postgres_server"]
