from tallyward.console.show.rules import retired_row, version_rows
from tallyward.detect.kept_rules import Action
from tests.detect.keeping import peers
from tests.detect.test_kept_rules import version


def test_the_newest_version_is_in_use_unless_it_retires_the_rule() -> None:
    first, gone = version("P1", peers(5)), version("P1", None, Action.RETIRE, 2)
    assert [one.in_use for one in version_rows([first])] == [True]
    assert [one.in_use for one in version_rows([gone, first])] == [False, False]
    assert (retired_row(gone, None).in_use, retired_row(gone, None).id) == (False, "P1")
