import time

import pytest

from tallyward.kernel.errors import InvalidError
from tests.detect.rule_making import fault, make_rule

REFUSED = [
    "svc = 'voice'; DROP TABLE x",
    "svc = (SELECT 1)",
    "EXISTS (SELECT 1)",
    "CAST(svc AS VARCHAR) = 'x'",
    "CASE WHEN up > 1 THEN TRUE END",
    "peer LIKE '%'",
    "up || dn = 'x'",
    "getenv('HOME') = 'x'",
    "read_csv('/etc/passwd') IS NOT NULL",
    "up IN (SELECT 1)",
    "r.up > 1",
    "up[1] = 1",
    "up > 1 -- comment",
    "up > 1 /* comment */",
    "nosuchcolumn > 1",
    "nosuchfunction(up) > 1",
    "svc = 'vioce'",
    "svc > 1",
    "imei + 1 = imei_bound",
    "on_list(imei_bound, peer)",
    "up / 0 = 1",
    "up",
    "",
    "up > NULL",
    "sum(up) > 1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_a_plain_condition_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        make_rule(fault(record=text))
    assert refusal.value.code.startswith("detect.")
    assert "test.yaml" in refusal.value.sentence("en")
    assert "{" not in refusal.value.sentence("en")


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    with pytest.raises(InvalidError) as refusal:
        make_rule(fault(record="imei_bund = 1"))
    assert "imei_bound" in refusal.value.sentence("en") + refusal.value.next_step("en")


@pytest.mark.parametrize(
    "text", ["(" * 200 + "up > 1" + ")" * 200, "up > 1 OR " * 1000 + "up > 2", "NOT " * 300 + "up>1"]
)
def test_huge_and_deep_texts_are_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(InvalidError):
        make_rule(fault(record=text))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "svc = 'voice' AND up BETWEEN 1 AND 2",
        "NOT (up > 1 OR dn <= 2)",
        "svc IN ('sms', 'data')",
        "absent(imei)",
        "up + 2 * dn > day_bytes",
    ],
)
def test_plain_conditions_are_taken(text: str) -> None:
    assert make_rule(fault(record=text)).faults[0].texts["record"] == text


@pytest.mark.parametrize("text", ["sum(up * up * up * 1000000000) > 5", "month_sum(up * dn * dn) + 1 > 5"])
def test_a_sum_that_could_pass_128_bits_is_refused_when_it_is_loaded(text: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        make_rule(fault(card=text))
    assert refusal.value.code == "detect.rule_range"


def test_the_observed_value_is_held_to_the_same() -> None:
    with pytest.raises(InvalidError) as refusal:
        make_rule(fault(card="sum(up) > 5", observed="sum(up * up * up * 1000000000)"))
    assert refusal.value.code == "detect.rule_range"


@pytest.mark.parametrize(
    "text",
    [
        "peak_sum(up) > 1",
        "peak_sum(up, 0) > 1",
        "peak_sum(up, 25) > 1",
        "peak_sum(up, 2.5) > 1",
        "peak_sum(up - dn, 2) > 1",
        "peak_sum(up * 0.5, 2) > 1",
        "peak_sum(day_bytes, 2) > 1",
        "peak_sum(up, dn) > 1",
    ],
)
def test_a_sliding_window_takes_whole_numbers_from_0_and_1_to_24_hours(text: str) -> None:
    with pytest.raises(InvalidError, match=r"detect\.rule_arguments"):
        make_rule(fault(card=text))
