import json

import pytest
import structlog

from tallyward.wiring.logs import set_up_logs


def test_logs_go_to_standard_error_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(as_json=True)
    structlog.get_logger().info("scan finished", cards=3)
    out, err = capsys.readouterr()
    line = json.loads(err)
    assert (line["event"], line["cards"], line["level"], out) == ("scan finished", 3, "info", "")


def test_logs_for_people_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(as_json=False)
    structlog.get_logger().warning("disk nearly full")
    assert "disk nearly full" in capsys.readouterr().err
