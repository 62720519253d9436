from tallyward.simulate.chain_verdict import Count, judge_chain

A, B, C = ("stock_in_use", "1"), ("stock_in_use", "2"), ("custody.self_approval", "ff")


def test_a_miss_and_an_invention_of_one_kind_do_not_cancel_out() -> None:
    verdict = judge_chain([A, C], [B, C])
    assert verdict.kinds == {"custody.self_approval": Count(1, 1, 0, 0), "stock_in_use": Count(1, 1, 1, 1)}
    assert (verdict.missed, verdict.invented) == ((A,), (B,))
    assert not verdict.exact
    assert (verdict.planted, verdict.found) == (2, 2)


def test_a_card_under_another_kind_is_missed_and_invented() -> None:
    verdict = judge_chain([A], [("lost_in_use", "1")])
    assert verdict.kinds == {"lost_in_use": Count(0, 1, 0, 1), "stock_in_use": Count(1, 0, 1, 0)}


def test_the_same_name_twice_counts_once() -> None:
    assert judge_chain([A, A], [A]).exact


def test_nothing_planted_and_nothing_found_is_exact() -> None:
    assert judge_chain([], []).exact
