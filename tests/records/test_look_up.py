import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import CardId, SourceId
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.records.model import RecordView
from tallyward.records.schema import SubscriberTag
from tallyward.records.service import RecordsService
from tallyward.registry.model import PeerKind
from tests.records.conftest import Opener
from tests.records.making import CARD, DAY, FAR_CARD, IMSI, all_rows, csv_of, line


def test_a_cards_records_come_by_time_page_by_page_across_segments(records: RecordsService, source: SourceId) -> None:
    times = [f"2026-03-01T0{n % 10}:00:00Z" for n in (3, 1, 9, 7, 5)]
    for number, time in enumerate(times):
        other = line(imsi=str(IMSI + 1), start_time=time)
        records.take_bytes(source, f"{number}.csv", csv_of([line(start_time=time, bytes_up=str(number)), other]))
    seen: list[RecordView] = []
    request = PageRequest(2)
    while True:
        page = records.card_records(CardId(CARD), DAY, request)
        assert len(page.rows) <= 2
        seen += page.rows
        if page.next_cursor is None:
            break
        request = PageRequest(2, decode_cursor(page.next_cursor, int, int, int))
    assert [view.bytes_up for view in seen] == [1, 0, 4, 3, 2]
    assert len(records.card_records(CardId(FAR_CARD), DAY, PageRequest()).rows) == 5
    assert records.card_records(CardId(3), DAY, PageRequest()).rows == ()


def test_a_record_reads_as_people_write(records: RecordsService, source: SourceId) -> None:
    records.take_bytes(source, "a.csv", csv_of([line(peer="IoT.apn", cell="460-00-10-99", service="voice")]))
    (view,) = records.card_records(CardId(CARD), DAY, PageRequest()).rows
    assert (view.peer, view.service, view.imei) == ("iot.apn", "voice", "860123456789014")
    assert (view.cell_text, view.quality) == ("460-00-10-99", ("unknown_cell",))


def test_strangers_give_their_numbers_back(records: RecordsService, source: SourceId) -> None:
    lines = [
        line(imsi="001010000000001"),
        line(imsi="", msisdn="8619" + "9" * 9),
        line(imsi="", iccid="89860012345678901Z34"),
    ]
    records.take_bytes(source, "a.csv", csv_of(lines))
    found = set(records.stranger_text(all_rows(records)["stranger"].to_pylist()))
    assert found == {
        (SubscriberTag.IMSI, "001010000000001"),
        (SubscriberTag.MSISDN, "8619999999999"),
        (SubscriberTag.ICCID, "89860012345678901Z34"),
    }


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PeerKind.IPV4, "203.0.113.9"),
        (PeerKind.NUMBER, "8613800000000"),
        (PeerKind.APN, "iot.apn"),
        (PeerKind.IPV6, "2001:db8::1"),
    ],
)
def test_codes_of_peers_are_those_of_records(
    records: RecordsService, source: SourceId, kind: PeerKind, text: str
) -> None:
    (before,) = records.peer_codes(kind, [text])
    records.take_bytes(source, "a.csv", csv_of([line(peer=text)]))
    assert all_rows(records)["peer"].to_pylist() == [before]
    assert records.peer_text([before]) == [text]


def test_what_is_no_peer_of_its_kind_is_refused(records: RecordsService) -> None:
    with pytest.raises(InvalidError, match=r"records.peer_form"):
        records.peer_codes(PeerKind.IPV4, ["10.0.0.0/8"])


def test_a_reader_gives_out_no_ids_but_finds_the_writers(opened: Opener) -> None:
    writer = opened()
    reader = opened(read_only=True)
    (unknown,) = reader.peer_codes(PeerKind.APN, ["iot.apn"])
    (real,) = writer.peer_codes(PeerKind.APN, ["iot.apn"])
    assert unknown != real
    assert reader.peer_codes(PeerKind.APN, ["iot.apn"])[0] == real
    assert reader.peer_text([real]) == ["iot.apn"]
    assert writer.peer_text([unknown])[0].startswith("#")
    assert reader.peer_text([0]) == [""]
