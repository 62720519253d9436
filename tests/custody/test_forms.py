"""Each kind has one form, and one field that says who speaks."""

from tallyward.custody.authority import BY_GOVERNORS
from tallyward.custody.forms import FORMS, SPEAKER
from tallyward.custody.transactions import Kind


def test_each_kind_has_a_form() -> None:
    assert set(FORMS) == {int(kind) for kind in Kind}
    assert all(form.kind == number for number, form in FORMS.items())


def test_a_member_speaks_for_itself() -> None:
    signed_alone = {kind for kind in Kind if kind not in BY_GOVERNORS | {Kind.GENESIS, Kind.BLOCK_END}}
    assert {SPEAKER[kind] for kind in signed_alone} <= {"by", "operator", "seller", "buyer", "shop", "owner"}
