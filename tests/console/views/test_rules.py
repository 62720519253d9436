import pytest
from pydantic import ValidationError

from tallyward.console.views.rules import RuleCondition, RuleLimit


def test_conditions_and_limits_are_texts() -> None:
    assert RuleCondition(kind="record", text="svc = 'voice'").kind == "record"
    with pytest.raises(ValidationError):
        RuleLimit.model_validate({"name": "cells", "value": 4})
