from tallyward.console.look_up import LookUp
from tallyward.console.show.whitelist import whitelist_row
from tallyward.kernel.actor import PLATFORM
from tests.console.house import House
from tests.detect.test_whitelist import ENTRY, NOW, UNTIL


def test_a_row_says_whether_the_entry_works(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    assert whitelist_row(look_up, ENTRY, NOW).standing == "valid"
    assert whitelist_row(look_up, ENTRY, UNTIL).standing == "expired"
