import pytest
from pydantic import ValidationError

from tallyward.console.views.custody_health import NodeView, ValidatorRow


def test_what_is_told_of_a_node_is_whole() -> None:
    assert NodeView(member="OP", consensus=None).model_dump() == {"member": "OP", "consensus": None}
    with pytest.raises(ValidationError):
        ValidatorRow.model_validate({"member": "OP", "key": "00", "power": 1, "signed": True})
