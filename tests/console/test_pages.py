from pathlib import Path

import pytest

from tallyward.console.app import create_app
from tests.console.browser import TestClient
from tests.console.house import House


@pytest.fixture
def client(reading_house: House, tmp_path: Path) -> TestClient:
    pages = tmp_path / "pages"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text("<html>the pages</html>", encoding="utf-8")
    (pages / "assets" / "main-3f2a.js").write_text("console.log(1)", encoding="utf-8")
    (pages / "tally.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (pages / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return TestClient(create_app(reading_house.services, pages), base_url="http://console.test")


@pytest.mark.parametrize("path", ["/", "/cards", "/cards/17", "/incidents?state=open", "/admin/users"])
def test_addresses_of_the_pages_get_the_pages(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, "<html>the pages</html>")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_files_with_a_digest_in_their_name_are_kept_for_good(client: TestClient) -> None:
    answer = client.get("/assets/main-3f2a.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/tally.svg").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/assets/missing.css",
        "/api/v2/cards",
        "/%2e%2e/secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/link.txt",
        "//etc/passwd.txt",
        "/%2fetc/hosts.txt",
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


def test_without_built_pages_the_sentence_says_how_to_get_them(reading_house: House, tmp_path: Path) -> None:
    client = TestClient(create_app(reading_house.services, tmp_path / "none"), base_url="http://console.test")
    answer = client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "console.no_pages")
    assert client.get("/api/v1/health").json()["status"] == "ok"


def test_pages_are_only_read(client: TestClient) -> None:
    assert client.post("/cards", json={}).status_code == 405
