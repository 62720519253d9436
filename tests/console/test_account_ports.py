from tallyward.console.account_ports import AccountStore, Secret
from tests.console.fakes import NOON
from tests.console.house import House


def test_the_house_stands_on_a_store_of_this_shape(reading_house: House) -> None:
    store: AccountStore = reading_house.accounts._store
    assert not store.empty()


def test_a_secret_is_kept_without_itself() -> None:
    assert set(Secret.__slots__) == {"digest", "since", "until"}
    assert Secret("d", NOON, NOON) == Secret("d", NOON, NOON)
