from tallyward.registry.report import MOST_PROBLEMS, Problems, RowProblem


def test_a_check_digit_is_told_with_the_right_one() -> None:
    problem = RowProblem(7, "iccid", "kernel.iccid_check_digit", "89860000000000000018")
    assert "89860000000000000018 should be 9" in problem.refusal().sentence("en")


def test_an_unknown_reference_is_told_with_the_order_of_imports() -> None:
    refusal = RowProblem(2, "operator", "registry.unknown_reference", "op").refusal()
    assert "enterprises, classes" in refusal.next_step("en")
    assert "“op”" in refusal.sentence("zh-CN")


def test_problems_are_counted_beyond_those_that_are_kept() -> None:
    problems = Problems()
    many = [RowProblem(line, "x", "registry.choice", "") for line in range(MOST_PROBLEMS - 1)]
    problems.add(many, len(many))
    problems.add(many, len(many))
    assert len(problems.kept) == MOST_PROBLEMS
    assert problems.rows == 2 * len(many)
