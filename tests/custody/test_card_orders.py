from tallyward.custody.card_orders import Cancel, CardOrder, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.entry import body_of, entry_of
from tallyward.custody.fields import Part
from tallyward.custody.forms import FORMS, SPEAKER
from tallyward.custody.machine import read


def test_each_order_is_read_as_what_it_was_written() -> None:
    for form in (Suspend, Resume, Cancel, Quarantine, Recycle, Lose, Find):
        one: CardOrder = form("OP", (Part("LOT", 3, 9, 2),), "a reason")
        assert read(entry_of(body_of(bytes(16), one), ())).transaction == one
        assert FORMS[int(form.kind)] is form
        assert SPEAKER[form.kind] == "by"
