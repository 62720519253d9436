import json
import platform

from machine import machine


def test_it_tells_cores_memory_and_versions_of_what_is_installed() -> None:
    told = machine()
    assert told["cores"] >= 1
    assert told["memory_gb"] >= 1
    assert {"duckdb", "pyarrow", "numpy"} <= set(told["versions"])
    assert None not in told["versions"].values()


def test_it_names_neither_the_machine_nor_a_folder() -> None:
    text = json.dumps(machine())
    assert "/" not in text
    assert platform.node() not in text
