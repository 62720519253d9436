"""Detail files as FreeRADIUS writes them, whole, cut and broken."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.ids import SourceId
from tallyward.records.decode.accounting import Heard
from tallyward.records.decode.detail_text import is_detail
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.decode.radius_detail import read_detail
from tallyward.records.model import Format
from tallyward.records.service import RecordsService
from tests.records.decode.detail_writer import record
from tests.records.decode.heard_rows import first_rows
from tests.records.making import DAY_TS, gz


def read(text: str | bytes) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    return first_rows(read_detail(text.encode() if isinstance(text, str) else text, issues)), issues


def test_a_stop_gives_all_its_fields() -> None:
    (row,), issues = read(record())
    assert issues.count == 0
    assert (row["imsi"], row["msisdn"], row["imei"]) == (460001234567890, 8614412345678, 860123456789014)
    assert (row["ts"], row["dur"], row["up"], row["dn"]) == (DAY_TS, 60, 100, 200)
    assert (row["peer_word"], row["cell"], row["plmn"], row["rat"]) == ("iot.apn", "460-00-10-20", 460000, 6)


def test_giga_words_are_counted() -> None:
    (row,), _ = read(record(Acct_Input_Gigawords="0", Acct_Output_Octets="7", Acct_Output_Gigawords="1"))
    assert (row["up"], row["dn"], row["quality"]) == (100, 2**32 - 1, 4)


def test_each_message_counts_what_came_since_the_one_before() -> None:
    start = record(Acct_Status_Type="Start", Acct_Session_Time=None, Acct_Input_Octets=None)
    interim = [
        record(Acct_Status_Type="Interim-Update", **lasting(at), Acct_Input_Octets=str(at), Acct_Output_Octets="0")
        for at in (10, 20)
    ]
    stop = record()
    whole = [(DAY_TS, 10, 10), (DAY_TS + 10, 10, 10), (DAY_TS + 20, 40, 80)]
    for order in (interim, interim[::-1]):
        rows = read(start + "".join(order) + stop + stop)[0]
        assert [(row["ts"], row["dur"], row["up"]) for row in rows] == whole
    assert read(start)[0] == []
    other = record(Acct_Session_Id='"77"', Acct_Status_Type="Alive")
    assert len(read(stop + other)[0]) == 2
    alone = record(Acct_Session_Id=None)
    assert len(read(alone + alone)[0]) == 2


def lasting(seconds: int) -> dict[str, str]:
    return {"Acct_Session_Time": str(seconds), "Timestamp": str(DAY_TS + seconds + 5)}


def test_sessions_are_named_by_server_id_and_subscriber() -> None:
    by_identifier = {"NAS_IP_Address": None, "NAS_Identifier": '"pgw"'}
    messages = [
        record(),
        record(NAS_IP_Address="10.0.0.2"),
        record(NAS_IP_Address=None, NAS_IPv6_Address="2001:db8::1"),
        record(**by_identifier),
        record(TGPP_IMSI='"460001234567891"'),
        record(TGPP_IMSI=None),
    ]
    issues = Issues()
    heard = read_detail("".join(messages * 2).encode(), issues).heard
    assert [len(one) for one in heard.values()] == [2] * 6
    assert issues.count == 0


def test_what_a_message_tells_of_its_counters() -> None:
    def heard(**changed: str | None) -> Heard:
        ((one,),) = read_detail(record(**changed).encode(), Issues()).heard.values()
        return one

    assert (heard().timed, heard().wide) == (True, False)
    assert not heard(Acct_Session_Time=None).timed
    assert heard(Acct_Input_Gigawords="0").wide
    assert heard(Acct_Output_Gigawords="2").dn == (2 << 32) + 200


def test_messages_about_servers_are_nobodys() -> None:
    rows, issues = read(record(Acct_Status_Type="Accounting-On") + record(Acct_Status_Type="8") + record())
    assert (len(rows), issues.count) == (1, 0)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (f'"{DAY_TS + 60}"', DAY_TS),
        (str(DAY_TS + 160), DAY_TS + 100),
        ('"Mar  1 2026 00:01:00 UTC"', DAY_TS),
        ('"2026-03-01T08:01:00+08:00"', DAY_TS),
        ('"Mar  1 2026 08:01:00 CST"', DAY_TS),  # a zone of that name is in doubt: the server's own clock counts
        (None, DAY_TS),
    ],
)
def test_the_time_of_the_event(written: str | None, seconds: int) -> None:
    (row,), _ = read(record(Event_Timestamp=written))
    assert row["ts"] == seconds


@pytest.mark.parametrize(
    ("name", "value", "code", "field"),
    [
        ("Acct_Status_Type", "Sleep", "records.detail_status", "Acct-Status-Type"),
        ("Acct_Status_Type", None, "records.detail_status", "Acct-Status-Type"),
        ("TGPP_IMSI", '"4600"', "records.imsi", "3GPP-IMSI"),
        ("TGPP_IMEISV", '"12"', "records.imei", "3GPP-IMEISV"),
        ("Called_Station_Id", '"no apn"', "records.peer", "Called-Station-Id"),
        ("TGPP_SGSN_MCC_MNC", '"46"', "records.plmn", "3GPP-SGSN-MCC-MNC"),
        ("TGPP_RAT_Type", "7G", "records.rat", "3GPP-RAT-Type"),
        ("TGPP_User_Location_Info", "0x82", "records.cell", "3GPP-User-Location-Info"),
        ("TGPP_User_Location_Info", '"here"', "records.cell", "3GPP-User-Location-Info"),
        ("Acct_Input_Octets", "-1", "records.number", "Acct-Input-Octets"),
        ("Acct_Session_Time", "9" * 18, "records.start_time", "Event-Timestamp"),
        ("Event_Timestamp", '"9999999999"', "records.start_time", "Event-Timestamp"),
        ("Timestamp", None, "records.missing", "Event-Timestamp"),
        ("Timestamp", "soon", "records.number", "Timestamp"),
    ],
)
def test_a_broken_record_is_put_aside_with_its_line(name: str, value: str | None, code: str, field: str) -> None:
    before = record(Acct_Session_Id='"1"')
    rows, issues = read(before + record(**{name: value}) + record(Acct_Session_Id='"2"'))
    assert len(rows) == 2
    (issue,) = issues.kept
    assert (issue.code, issue.field, issue.record) == (code, field, before.count("\n") + 1)
    assert issue.offset == len(before)


def test_values_are_read_as_they_may_be_written() -> None:
    for rat in ("6", "EUTRAN", "0x06"):
        assert read(record(TGPP_RAT_Type=rat))[0][0]["rat"] == 6
    wifi = record(Calling_Station_Id='"AA-BB-CC-DD-EE-FF"')
    assert read(wifi)[0][0]["msisdn"] == 0
    assert read(record(TGPP_IMSI=None))[0][0]["imsi"] == 0
    odd = record(Class="0x41", User_Name='"a\\"b\\101\\n"', Reply_Message="'x'")
    assert len(read(odd.replace("\n", "\r\n"))[0]) == 1


def test_a_line_that_is_no_attribute_breaks_its_record_alone() -> None:
    broken = record(Acct_Session_Id='"1"').replace("\tUser-Name = ", "User-Name ")
    unended = record(Acct_Session_Id='"2"').rstrip("\n") + "\n"
    long = record(Acct_Session_Id='"3"', Class='"' + "x" * 5000 + '"')
    many = record(Acct_Session_Id='"4"', **{f"X_{at}": "1" for at in range(600)})
    rows, issues = read(record() + broken + unended + long + many + "stray\n\n" + record(Acct_Session_Id='"5"'))
    assert len(rows) == 2
    assert [issue.code for issue in issues.kept] == ["records.detail_cut"] * 5


def test_long_lines_of_blanks_cost_no_more_than_others() -> None:
    blanks = "\tUser-Name = a" + " " * 4_000 + "b\n"
    rows, issues = read(record().rstrip("\n") + "\n" + blanks * 3_000 + "\n" + "\n" * 200_000)
    assert (len(rows), issues.count) == (1, 0)


def test_no_truncation_gives_a_record_that_is_not_whole() -> None:
    one, two = record(Acct_Session_Id='"1"'), record()
    whole, _ = read(one)
    for end in range(len(two)):
        rows, issues = read(one + two[:end])
        assert rows[:1] == whole
        assert len(rows) + issues.count <= 2
        if end < len(two) - 2 and two[:end].strip():
            assert len(rows) == 1 or two[:end].endswith("\n")


@pytest.mark.parametrize("data", [b"", b"imsi,msisdn\n", b"Sun Mar  1 08:00:00 2026\n", b"\tA = 1\n", b"\xff" * 50])
def test_what_does_not_begin_like_a_detail_file_is_refused(data: bytes) -> None:
    assert not is_detail(data)
    with pytest.raises(RefusalError) as error:
        read(data)
    assert error.value.code == "records.detail_structure"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 255)), min_size=1, max_size=5))
def test_flipped_bytes_never_break_the_decoder(flips: list[tuple[int, int]]) -> None:
    data = bytearray((record() + record(Acct_Session_Id='"2"', Acct_Status_Type="Interim-Update")).encode())
    for place, mask in flips:
        data[place % len(data)] ^= mask
    try:
        rows, issues = read(bytes(data))
        assert len(rows) + issues.count <= 2 + bytes(data).count(b"\n")
        assert all(0 < row["ts"] < 2**32 for row in rows)
    except RefusalError as error:
        assert error.sentence("zh-CN") != error.code


def test_a_detail_file_is_told_by_its_content(records: RecordsService, source: SourceId) -> None:
    data = (record() + record(Acct_Session_Id='"2"', TGPP_IMSI='"1"')).encode()
    report = records.take_bytes(source, "detail-20260301", data)
    assert (report.format, report.records, report.refused) == (Format.RADIUS, 1, 1)
    assert records.take_bytes(source, "detail.gz", gz(data)).format is Format.RADIUS
