import pytest

from tallyward.kernel import errors
from tallyward.kernel.errors import InvalidError, TallywardError


def test_a_refusal_tells_its_code_sentence_and_next_step_in_both_languages() -> None:
    refusal = InvalidError("kernel.iccid_check_digit", value="8986", expected=7)
    assert refusal.code == "kernel.iccid_check_digit"
    assert refusal.sentence("en") == "The check digit of ICCID 8986 should be 7."
    assert refusal.sentence("zh-CN") == "ICCID 8986 的校验位应为 7。"
    assert refusal.next_step("en").startswith("Compare")
    assert str(refusal) == "kernel.iccid_check_digit: The check digit of ICCID 8986 should be 7."


def test_each_kind_of_refusal_has_an_http_status_and_a_non_zero_exit_code() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, TallywardError)]
    assert len(kinds) >= 9
    for kind in kinds:
        assert 400 <= kind.status <= 599
        assert 1 <= kind.exit_code <= 125


def test_a_room_can_catch_by_kind() -> None:
    with pytest.raises(InvalidError):
        raise errors.TooLargeError("kernel.page_limit", limit=501, most=500)
