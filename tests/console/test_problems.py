import json
from typing import Any

import pytest
from fastapi.responses import JSONResponse

from tallyward.console.problems import MethodError, answer, problem_of
from tallyward.console.views.shared import Problem
from tallyward.kernel import errors
from tallyward.kernel.catalogue import keys
from tallyward.kernel.errors import InvalidError, NotFoundError, TallywardError, TooOftenError
from tests.console.house import House


def body(response: JSONResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(response.body))
    return found


def test_a_refusal_is_told_in_the_language_that_was_asked_for() -> None:
    refusal = NotFoundError("incidents.unknown", incident=7)
    english, chinese = answer(refusal, "en-GB,en;q=0.9"), answer(refusal, "zh-CN,zh;q=0.9,en;q=0.8")
    assert english.status_code == chinese.status_code == 404
    assert english.media_type == "application/problem+json"
    assert (body(english)["title"], body(chinese)["title"]) == ("Not found", "未找到")
    assert body(english)["detail"] == "There is no incident 7, or not for you."
    assert body(chinese)["detail"].startswith("没有编号为 7 的安全事件")
    assert chinese.headers["content-language"] == "zh-CN"
    for one in (english, chinese):
        assert body(one)["parameters"] == {"incident": 7}
        assert (body(one)["code"], body(one)["type"]) == ("incidents.unknown", "urn:tallyward:incidents.unknown")


def test_who_must_wait_is_told_how_long_also_by_header() -> None:
    assert answer(TooOftenError("console.too_many_attempts", seconds=17), "").headers["Retry-After"] == "17"


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, TallywardError)]
)
def test_every_kind_of_refusal_has_a_title(kind: type[TallywardError]) -> None:
    problem = problem_of(kind("console.csrf", header="X"), "zh-CN")
    assert not problem.title.startswith("console.")
    assert problem.status == kind.status


def test_titles_are_in_both_catalogues() -> None:
    assert {key for key in keys("en") if key.startswith("console.")} == {
        key for key in keys("zh-CN") if key.startswith("console.")
    }
    assert MethodError.status == 405


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/api/v1/nothing", None, 404, "console.no_path"),
        ("GET", "/api/v1/cards/0", None, 422, "console.request"),
        ("GET", "/api/v1/cards/4294967296", None, 422, "console.request"),
        ("GET", "/api/v1/cards/x", None, 422, "console.request"),
        ("GET", "/api/v1/cards/99", None, 404, "registry.no_card"),
        ("GET", "/api/v1/cards?limit=0", None, 422, "console.request"),
        ("GET", "/api/v1/cards?limit=501", None, 422, "console.request"),
        ("GET", "/api/v1/cards?cursor=!!!", None, 422, "kernel.cursor"),
        ("GET", "/api/v1/cards?q=%00", None, 422, "console.request"),
        ("GET", "/api/v1/incidents?state=gone", None, 422, "console.request"),
        ("GET", "/api/v1/incidents?area=nowhere", None, 422, "console.area_unknown"),
        ("GET", "/api/v1/incidents?day=2026-02-30", None, 422, "console.request"),
        ("GET", "/api/v1/quarantine?source=9", None, 404, "console.source_unknown"),
        ("POST", "/api/v1/incidents/1/events", b"{", 422, "console.request"),
        ("POST", "/api/v1/incidents/1/events", b"\xff\xfe", 422, "console.request"),
        ("POST", "/api/v1/incidents/1/events", b'{"event": "vanish"}', 422, "console.request"),
        ("POST", "/api/v1/incidents/1/events", b'{"event": "resolve", "more": 1}', 422, "console.request"),
        ("POST", "/api/v1/incidents/1/events", b'{"event": "mark_false_positive"}', 422, "incidents.reason_required"),
        ("POST", "/api/v1/incidents/1/events", b'{"event": "reopen"}', 409, "incidents.event_not_allowed"),
        ("POST", "/api/v1/incidents/1/comments", b'{"text": "\\u0000"}', 422, "console.request"),
        ("POST", "/api/v1/incidents/1/comments", b'{"text": "\\ud800"}', 422, "console.request"),
        ("POST", "/api/v1/incidents/1/comments", b'{"text": NaN}', 422, "console.request"),
        ("POST", "/api/v1/incidents/1/comments", b"[" * 60_000, 422, "console.request"),
        ("POST", "/api/v1/incidents/1/comments", b'{"text": "   "}', 422, "incidents.comment_empty"),
        ("PUT", "/api/v1/incidents/1/assignee", b'{"name": "nobody"}', 422, "console.assignee"),
        ("POST", "/api/v1/situation", b"{}", 405, "console.method"),
        ("DELETE", "/api/v1/tokens/999", None, 404, "console.token_unknown"),
    ],
)
def test_bad_requests_get_a_sentence_with_a_code(
    reading_house: House, method: str, path: str, sent: bytes | None, status: int, code: str
) -> None:
    client = reading_house.signed_in("analyst-alpha")
    headers = {"Content-Type": "application/json"} if sent else {}
    told = client.request(method, path, content=sent, headers=headers)
    assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json"), told.text
    problem = Problem(**told.json())
    assert problem.code == code
    assert problem.detail
    assert problem.next
    assert "{" not in problem.detail + problem.next
    assert "Traceback" not in told.text


def test_each_wrong_field_is_named(reading_house: House) -> None:
    told = reading_house.client().post("/api/v1/session", json={"name": "", "word": 1})
    fields = {one["field"] for one in told.json()["fields"]}
    assert fields == {"body.name", "body.password", "body.word"}
    assert InvalidError.status == told.status_code


def test_a_wrong_body_is_not_echoed(reading_house: House) -> None:
    told = reading_house.client().post("/api/v1/session", json={"name": "wu", "password": ["hunter2 hunter2"]})
    assert told.status_code == 422
    assert "hunter2" not in told.text
