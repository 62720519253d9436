from tallyward.kernel.ids import UNKNOWN_CARD
from tallyward.records.schema import USAGE


def test_the_unknown_card_fits_the_column_and_is_no_real_id() -> None:
    assert UNKNOWN_CARD == 0
    assert str(USAGE.field("card_id").type) == "uint32"
