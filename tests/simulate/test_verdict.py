from tallyward.simulate.verdict import judge

A, B, C = ("R1", "card", "1"), ("R1", "card", "2"), ("R2", "card", "1")


def test_a_miss_and_a_false_hit_of_one_rule_do_not_cancel_out() -> None:
    verdict = judge([A, C], [B, C], records=9, seconds=1.23456)
    assert verdict.planted == verdict.found == {"R1": 1, "R2": 1}
    assert (verdict.missed, verdict.false, verdict.exact) == (1, 1, False)


def test_the_same_claim_twice_counts_once() -> None:
    assert judge([A, A], [A], records=1, seconds=0).exact


def test_nothing_planted_and_nothing_found_is_exact() -> None:
    verdict = judge([], [], records=0, seconds=0)
    assert verdict.exact
    assert verdict.planted == {}
