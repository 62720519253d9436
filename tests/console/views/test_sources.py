import pytest
from pydantic import ValidationError

from tallyward.console.views.sources import SourceRef


def test_a_source_is_named_by_id_and_name() -> None:
    assert SourceRef(id=1, name="files").model_dump() == {"id": 1, "name": "files"}
    with pytest.raises(ValidationError):
        SourceRef.model_validate({"id": "one", "name": "files"})
