"""What a vault keeps shows nothing of what is sealed."""

from dataclasses import fields

from tallyward.custody.kept import Kept
from tests.custody.people import PEOPLE, asked, in_shop


def test_it_names_cards_and_transaction_only() -> None:
    request, kept = asked(*in_shop())
    assert [(one.lot, one.start, one.end, one.place) for one in kept] == [
        ("LOT", one, one + 1, one) for one in range(3)
    ]
    assert {one.transaction for one in kept} == {request.hash}
    assert not [word for _, *words in PEOPLE for word in words if word in repr(kept)]
    assert [one.name for one in fields(Kept) if one.default is None] == ["person"]
