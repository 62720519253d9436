"""A connection to Apache Spark, for as long as one command needs it."""

import importlib
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tallyward.kernel.errors import UnavailableError

if TYPE_CHECKING:
    from pyspark import SparkContext

_SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.python.worker.faulthandler.enabled": "true",
    "spark.driver.maxResultSize": "0",  # what is found is told whole, as DuckDB tells it
}
_ON_THIS_MACHINE: Final = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


@contextmanager
def spark_session(master: str) -> Iterator["SparkContext"]:
    """Connect to a master as Spark names it: `local[2]`, `spark://host:7077`, `yarn`, `k8s://…`.

    Refuses with `detect.no_spark`, `detect.no_java`, `detect.spark_start`; jobs that fail with
    `detect.spark_failed`. Further settings come from where Spark reads them: spark-defaults.conf, or the environment.
    """
    try:
        pyspark, py4j = importlib.import_module("pyspark"), importlib.import_module("py4j.protocol")
    except ImportError as missing:
        raise UnavailableError("detect.no_spark") from missing
    if not _java():
        raise UnavailableError("detect.no_java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = pyspark.SparkConf().setMaster(master).setAppName("tallyward")
    for name, value in (_SETTINGS | (_ON_THIS_MACHINE if master.startswith("local") else {})).items():
        conf.setIfMissing(name, value)
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of pandas, which is not used here
            context = pyspark.SparkContext(conf=conf)
    except (py4j.Py4JError, RuntimeError, ValueError) as error:
        raise UnavailableError("detect.spark_start", master=master[:100], problem=_first_line(error)) from error
    try:
        yield context
    except py4j.Py4JError as error:
        raise UnavailableError("detect.spark_failed", problem=_first_line(error)) from error
    finally:
        context.stop()


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java"))


def _first_line(error: Exception) -> str:
    """The reason that Spark's side gives, without the stack of either side."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() if java is not None else error).strip()
    return text.split("\n", maxsplit=1)[0][:200]
