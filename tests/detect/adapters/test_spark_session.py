import sys
from types import ModuleType, SimpleNamespace

import pytest

from tallyward.detect.adapters import spark_session as module
from tallyward.detect.adapters.spark_session import spark_session
from tallyward.kernel.errors import UnavailableError


class NoGatewayError(Exception):
    java_exception = SimpleNamespace(getMessage=lambda: "task 3 failed\n\tat java")


class Context:
    """As Spark's, without a Spark."""

    made: list["Context"]

    def __init__(self, conf: dict[str, str]) -> None:
        if conf["master"] == "nowhere":
            message = "no such master\nstack"
            raise RuntimeError(message)
        self.conf = conf
        self.stopped = False
        self.made.append(self)

    def stop(self) -> None:
        self.stopped = True


class Conf(dict[str, str]):
    def setMaster(self, master: str) -> "Conf":  # noqa: N802  Spark's name
        self["master"] = master
        return self

    def setAppName(self, name: str) -> "Conf":  # noqa: N802
        self["name"] = name
        return self

    setIfMissing = dict[str, str].setdefault  # noqa: N815


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Context]:
    """The contexts made on a pyspark that is a stand-in."""
    pyspark, protocol = ModuleType("pyspark"), ModuleType("py4j.protocol")
    vars(pyspark).update(SparkConf=Conf, SparkContext=Context)
    vars(protocol).update(Py4JError=NoGatewayError)
    for name, stand_in in (("pyspark", pyspark), ("py4j", ModuleType("py4j")), ("py4j.protocol", protocol)):
        monkeypatch.setitem(sys.modules, name, stand_in)
    monkeypatch.setattr(module, "_java", lambda: True)
    monkeypatch.setattr(Context, "made", [], raising=False)
    monkeypatch.setenv("PYSPARK_PYTHON", "python3")
    return Context.made


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UnavailableError, match=r"detect\.no_spark") as refused, spark_session("local[2]"):
        pass
    assert "tallyward[spark]" in refused.value.next_step("en")


@pytest.mark.parametrize("home", [None, "/nowhere"])
def test_without_java_it_says_what_to_install(
    made: list[Context], monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    monkeypatch.setitem(sys.modules, "py4j", ModuleType("py4j"))
    monkeypatch.setitem(sys.modules, "py4j.protocol", ModuleType("py4j.protocol"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", home)
    with pytest.raises(UnavailableError, match=r"detect\.no_java") as refused, spark_session("local[2]"):
        pass
    assert "Java 17" in refused.value.next_step("en")


def test_on_this_machine_the_driver_listens_on_loopback_only(made: list[Context]) -> None:
    with spark_session("local[2]"), spark_session("spark://far:7077"):
        here, far = made
        assert (here.conf["spark.driver.bindAddress"], here.conf["spark.driver.host"]) == ("127.0.0.1", "127.0.0.1")
        assert "spark.driver.bindAddress" not in far.conf
        assert {one.conf["spark.ui.enabled"] for one in made} == {"false"}
        assert {one.conf["name"] for one in made} == {"tallyward"}


def test_it_is_closed_at_the_end_and_after_a_failure(made: list[Context]) -> None:
    with spark_session("local[2]"):
        assert not made[0].stopped
    assert made[0].stopped
    with pytest.raises(KeyError), spark_session("local[2]"):
        raise KeyError
    assert made[1].stopped


def test_a_job_that_fails_is_told_in_one_line(made: list[Context]) -> None:
    with pytest.raises(UnavailableError, match=r"detect\.spark_failed") as refused, spark_session("local[2]"):
        raise NoGatewayError
    assert refused.value.parameters == {"problem": "task 3 failed"}


def test_a_master_that_does_not_answer_is_told(made: list[Context]) -> None:
    with pytest.raises(UnavailableError, match=r"detect\.spark_start") as refused, spark_session("nowhere"):
        pass
    assert refused.value.parameters == {"master": "nowhere", "problem": "no such master"}
