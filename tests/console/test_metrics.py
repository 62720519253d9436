from tallyward.console.metrics import Metrics
from tests.console.house import House


def test_requests_are_counted_by_route_never_by_path(house: House) -> None:
    client = house.signed_in("root")
    for card in (1, 2, 3):
        client.get(f"/api/v1/cards/{card}")
    client.get("/api/v1/nothing-of-the-kind")
    told = client.get("/metrics").text
    assert 'tallyward_http_requests_total{method="GET",route="/api/v1/cards/{card_id}",status="200"} 3.0' in told
    assert "nothing-of-the-kind" not in told
    assert 'tallyward_http_seconds_count{route="/api/v1/cards/{card_id}"} 3.0' in told


def test_invented_methods_make_no_series() -> None:
    metrics = Metrics()
    for number in range(50):
        metrics.note({"type": "http", "method": f"X{number}", "path": "/"}, 405, 0.1)
    assert metrics.text().count(b"tallyward_http_requests_total{") == 1
