from tallyward import __version__
from tests.console.house import House


def test_two_apps_share_nothing(reading_house: House, house: House) -> None:
    assert reading_house.app.state.metrics is not house.app.state.metrics
    assert reading_house.app.state.feed is not house.app.state.feed


def test_it_starts_answers_and_ends(house: House) -> None:
    with house.client() as client:
        assert client.get("/api/v1/health").json() == {"status": "ok", "version": __version__}


def test_the_api_shows_no_documents_of_its_own(reading_house: House) -> None:
    client = reading_house.client()
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code in {404, 503}
