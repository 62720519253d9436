import pytest
from pydantic import ValidationError

from tallyward.console.views.shared import Words
from tallyward.console.views.statistics import NamedTally


def test_a_tally_of_an_operator_has_its_name_and_all_figures() -> None:
    title = Words(en="One", zh_cn="一")
    row = NamedTally(code="op", title=title, new=3, open=1, resolved=1, false_positive=1, false_positive_share=0.5)
    assert row.model_dump(mode="json", by_alias=True)["title"] == {"en": "One", "zh-CN": "一"}
    with pytest.raises(ValidationError):
        NamedTally(code="op", title=title, new=3)  # type: ignore[call-arg]
