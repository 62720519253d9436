from tests.console.house import CARD_A, House, incident_of


def test_names_for_all_who_assign_accounts_for_those_who_manage(reading_house: House) -> None:
    names = reading_house.signed_in("analyst-alpha").get("/api/v1/users").json()["rows"]
    assert [(row["name"], row["account"]) for row in names] == [("admin-alpha", None), ("analyst-alpha", None)]
    rows = reading_house.signed_in("admin-alpha").get("/api/v1/users").json()["rows"]
    assert rows[1]["account"]["role"] == "analyst"
    assert rows[1]["account"]["enterprise"]["code"] == "alpha-op"
    assert len(reading_house.signed_in("root").get("/api/v1/users").json()["rows"]) == 9


def test_a_user_is_made_told_a_password_once_and_can_sign_in(house: House) -> None:
    client = house.signed_in("root")
    wish = {"name": "li", "display_name": "Li", "role": "fleet_owner", "enterprise": "alpha-fleet", "language": "en"}
    made = client.post("/api/v1/users", json=wish)
    assert made.status_code == 201
    password = made.json()["one_time_password"]
    assert made.json()["user"]["account"]["must_change_password"] is True
    me = house.client().post("/api/v1/session", json={"name": "li", "password": password}).json()
    assert (me["role"], me["language"], me["must_change_password"]) == ("fleet_owner", "en", True)
    assert password not in client.get("/api/v1/users").text
    assert password not in client.get("/api/v1/audit?limit=500").text
    again = client.post("/api/v1/users/li/password-reset").json()["one_time_password"]
    assert again != password
    assert client.patch("/api/v1/users/li", json={"disabled": True}).json()["account"]["disabled"] is True
    refused = house.client().post("/api/v1/session", json={"name": "li", "password": again})
    assert refused.status_code == 401


def test_wishes_for_users_that_are_refused(house: House) -> None:
    client = house.signed_in("root")
    good = {"name": "li", "display_name": "Li", "role": "fleet_owner", "enterprise": "alpha-fleet"}
    for change, status, code in (
        ({"name": "root"}, 409, "console.user_exists"),
        ({"name": "Li Wei"}, 422, "console.request"),
        ({"role": "god"}, 422, "console.request"),
        ({"enterprise": None}, 422, "console.enterprise_needed"),
        ({"enterprise": "nobody"}, 422, "console.enterprise_unknown"),
        ({"password": "x"}, 422, "console.request"),
    ):
        refused = client.post("/api/v1/users", json=good | change)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client.patch("/api/v1/users/root", json={"role": "engineer"}).json()["code"] == "console.own_account"
    assert client.patch("/api/v1/users/ghost", json={"role": "engineer"}).status_code == 404


def test_a_token_is_told_once_works_and_ends(house: House) -> None:
    client = house.signed_in("analyst-alpha")
    made = client.post("/api/v1/tokens", json={"name": "script", "days": 1})
    assert made.status_code == 201
    secret, number = made.json()["secret"], made.json()["token"]["id"]
    assert secret not in client.get("/api/v1/tokens").text
    bearer = {"Authorization": f"Bearer {secret}"}
    assert house.client().get("/api/v1/cards", headers=bearer).status_code == 200
    assert client.delete(f"/api/v1/tokens/{number}").status_code == 204
    assert house.client().get("/api/v1/cards", headers=bearer).status_code == 401
    assert client.post("/api/v1/tokens", json={"name": "x", "days": 367}).status_code == 422


def test_the_log_tells_who_did_what_to_what(house: House) -> None:
    number = incident_of(house, CARD_A)
    house.signed_in("analyst-alpha").post(f"/api/v1/incidents/{number}/events", json={"event": "contain"})
    told = house.signed_in("admin-alpha").get("/api/v1/audit", params={"subject": f"incident {number}"}).json()["rows"]
    assert [(row["actor"], row["action"], row["enterprise"]["code"]) for row in told] == [
        ("analyst-alpha", "incident.contain", "alpha-fleet"),
    ]
    assert told[0]["detail"]["after"] == "contained"


def test_enterprises_and_areas(reading_house: House) -> None:
    codes = {row["code"] for row in reading_house.signed_in("fleet-alpha").get("/api/v1/enterprises").json()["rows"]}
    assert codes == {"alpha-fleet", "alpha-op", "beta-op"}
    areas = reading_house.signed_in("fleet-alpha").get("/api/v1/areas").json()["rows"]
    assert [(row["code"], row["fraud_prone"], row["title"]["zh-CN"]) for row in areas] == [
        ("CN-31", False, "上海"),
        ("XX", True, "境外"),
    ]
