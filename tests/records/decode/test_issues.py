from tallyward.records.decode.issues import MOST_KEPT, Issue, Issues, printable, refuse


def test_a_thousand_are_kept_and_the_rest_is_counted() -> None:
    issues = Issues()
    for number in range(MOST_KEPT + 5):
        issues.add(Issue("records.row_width", record=number))
    rows = issues.rows()
    assert (issues.count, len(rows)) == (MOST_KEPT + 5, MOST_KEPT + 1)
    assert (rows[-1].code, rows[-1].detail) == ("records.more_refused", "5")


def test_few_are_told_as_they_are() -> None:
    issues = Issues()
    issues.add(Issue("records.row_width", record=2))
    assert issues.rows() == issues.kept


def test_what_a_hostile_file_makes_long_is_cut() -> None:
    issue = Issue("records.number", detail="x" * 10_000, sample=b"y" * 10_000)
    assert (len(issue.detail), len(issue.sample)) == (200, 64)
    assert printable("a\x1b[31m\n") == "a�[31m�"


def test_a_refusal_speaks_with_its_place() -> None:
    error = refuse("records.number", field="bytes_up", detail="-1")
    assert error.sentence("en") == "'-1' in bytes_up is no whole number from 0."
    assert error.issue.record is None
