from tallyward.console.api import document, operations, routed

PATHS = document(routed())["paths"]


def test_every_route_of_the_api_is_among_the_operations() -> None:
    assert {(path, method) for path, method, _, _ in operations()} == {
        (path, method) for path, methods in PATHS.items() for method in methods
    }


def test_what_needs_no_visitor_is_named_here_one_by_one() -> None:
    assert {(path, method) for path, method, _, closed in operations() if not closed} == {
        ("/api/v1/session", "post"),
        ("/api/v1/health", "get"),
    }


def test_closed_operations_say_how_to_prove_who_one_is() -> None:
    assert PATHS["/api/v1/cards"]["get"]["security"] == [{"session": []}, {"token": []}]
    assert PATHS["/api/v1/session/password"]["post"]["security"] == [{"session": []}]
    assert "security" not in PATHS["/api/v1/health"]["get"]
