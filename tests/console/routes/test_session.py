from tests.console.house import BY_COOKIE, PASSWORD, House


def test_who_am_i_tells_what_pages_need(reading_house: House) -> None:
    me = reading_house.signed_in("fleet-alpha").get("/api/v1/session").json()
    assert me == {
        "name": "fleet-alpha",
        "display_name": "fleet-alpha Person",
        "role": "fleet_owner",
        "enterprise": {"id": 11, "code": "alpha-fleet", "name": "Alpha-Fleet"},
        "permissions": me["permissions"],
        "must_change_password": False,
        "language": "zh-CN",
    }
    assert "incident:comment" in me["permissions"]
    assert "incident:act" not in me["permissions"]


def test_a_wrong_password_sets_no_cookie(house: House) -> None:
    answer = house.client().post("/api/v1/session", json={"name": "root", "password": "four words and 8"})
    assert (answer.status_code, answer.json()["code"]) == (401, "console.wrong_sign_in")
    assert "set-cookie" not in answer.headers


def test_too_many_tries_are_told_in_both_languages_with_seconds(house: House) -> None:
    client = house.client()
    wrong = {"name": "root", "password": "four words and 8"}
    answers = [client.post("/api/v1/session", json=wrong) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "300"
    assert "300" in answers[-1].json()["detail"]
    chinese = client.post("/api/v1/session", json=wrong, headers={"Accept-Language": "zh-CN"})
    assert chinese.json()["detail"].startswith("密码错误次数过多,300 秒")


def test_a_changed_password_gives_this_browser_a_new_session_and_ends_the_others(house: House) -> None:
    here, there = house.client(), house.client()
    for client in (here, there):
        client.post("/api/v1/session", json={"name": "root", "password": PASSWORD})
    before = here.cookies["tallyward_session"]
    change = {"old": PASSWORD, "new": "seven other words"}
    assert here.post("/api/v1/session/password", json=change, headers=BY_COOKIE).status_code == 200
    assert here.cookies["tallyward_session"] != before
    assert here.get("/api/v1/session").status_code == 200
    assert there.get("/api/v1/session").status_code == 401


def test_the_language_stays_chosen(house: House) -> None:
    client = house.signed_in("root")
    assert client.put("/api/v1/session/language", json={"language": "en"}).json()["language"] == "en"
    assert client.get("/api/v1/session").json()["language"] == "en"
    assert client.put("/api/v1/session/language", json={"language": "fr"}).status_code == 422
