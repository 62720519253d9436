import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records import directory_port
from tallyward.registry.directory import CardNumbers, CellTable, Directory

U32, U64, U16 = np.uint32, np.uint64, np.uint16


def directory(cards: list[tuple[int, int, str]]) -> Directory:
    """Cards of (IMSI, MSISDN, ICCID) with ids from 1."""
    return Directory(
        version=3,
        numbers=CardNumbers(
            card=np.arange(1, len(cards) + 1, dtype=U32),
            imsi=np.array([card[0] for card in cards], dtype=U64),
            msisdn=np.array([card[1] for card in cards], dtype=U64),
            iccid=np.array([card[2].encode() for card in cards], dtype="S20"),
        ),
        cell_table=CellTable(
            cgi=["460-00-1-2", "460-00-1-1"],
            cell=np.array([5, 6], dtype=U32),
            area=np.array([1, 2], dtype=U16),
            gx=np.array([10, 11], dtype=U16),
            gy=np.array([20, 21], dtype=U16),
        ),
        plmn_areas={460_000: 1, 999_001: 7},
    )


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(1, 60), st.integers(0, 40)), st.lists(st.integers(0, 70)))
def test_numbers_are_found_as_a_dictionary_would(numbers: dict[int, int], asked: list[int]) -> None:
    cards = [(imsi, msisdn, f"8986{imsi:015}") for imsi, msisdn in numbers.items()]
    found = directory(cards)
    ids = {imsi: at for at, (imsi, _, _) in enumerate(cards, start=1)}
    digits = np.array(asked, dtype=U64)
    assert found.cards_by_imsi(digits).tolist() == [ids.get(number, 0) for number in asked]
    texts = [f"8986{number:015}" for number in asked]
    assert found.cards_by_iccid(texts).tolist() == [ids.get(number, 0) for number in asked]
    for number, card in zip(asked, found.cards_by_msisdn(digits).tolist(), strict=True):
        assert (cards[card - 1][1] == number) if card else (number == 0 or number not in numbers.values())


def test_what_is_no_number_is_nobodys() -> None:
    found = directory([(1, 0, "8986031840201A123456")])
    assert found.cards_by_msisdn(np.array([0, 1], dtype=U64)).tolist() == [0, 0]
    assert found.cards_by_iccid(["8986031840201A123456", "8986031840201A1234567", "汉", ""]).tolist() == [1, 0, 0, 0]
    assert found.cards_by_iccid([]).tolist() == []


def test_cells_and_networks() -> None:
    found = directory([])
    ids, areas, gx, gy = found.cells(["460-00-1-1", "nowhere", "460-00-1-2"])
    assert (ids.tolist(), areas.tolist()) == ([6, 0, 5], [2, 0, 1])
    assert (gx.tolist(), gy.tolist()) == ([11, 0, 10], [21, 0, 20])
    assert found.area_of_plmn(np.array([999_001, 1, 460_000, 999_001], dtype=U32)).tolist() == [7, 0, 1, 7]


def test_it_is_the_directory_that_intake_asks_for() -> None:
    intake: directory_port.Directory = directory([])
    assert intake.version == 3
