import sys
import time

import pytest
from watched import Limits, watched


def python(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_what_a_plan_prints_last_is_what_it_tells() -> None:
    told = watched(python("print('noise'); print('{\"cpu\": 1.5, \"peak_mb\": 1}')"), Limits())
    assert told["cpu"] == 1.5
    assert told["peak_mb"] >= 1
    assert told["others_cores"] >= 0


def test_a_plan_over_its_memory_is_ended_and_says_so() -> None:
    began = time.monotonic()
    told = watched(python("import time; held = b'x' * 200_000_000; time.sleep(60)"), Limits(memory_mb=100))
    assert told["left_out"] == "memory"
    assert told["peak_mb"] > 100
    assert time.monotonic() - began < 30


def test_memory_of_the_processes_that_a_plan_started_counts() -> None:
    inner = "import time; held = b'x' * 200_000_000; time.sleep(60)"
    told = watched(python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"), Limits(150))
    assert told["left_out"] == "memory"


def test_a_plan_over_its_time_is_ended_and_says_so() -> None:
    assert watched(python("import time; time.sleep(60)"), Limits(seconds=0.3))["left_out"] == "time"


@pytest.mark.parametrize(
    "text", ["raise MemoryError('Unable to allocate 5 GiB')", "raise ValueError('Out of Memory: ...')"]
)
def test_an_engine_that_finds_its_own_limit_ran_out_of_memory(text: str) -> None:
    assert watched(python(text), Limits())["left_out"] == "memory"


def test_a_plan_that_breaks_says_why_without_naming_folders() -> None:
    told = watched(python("raise ValueError('broken in /srv/some-where/day.parquet')"), Limits())
    assert told["left_out"] == "failed"
    assert told["why"] == "ValueError: broken in day.parquet"
