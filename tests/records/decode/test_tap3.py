"""Transfer batches: our own, the real ones of the field, and pycrate as the oracle of what they hold."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.decode import tap3
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.decode.tap3_tags import Tag
from tallyward.records.schema import Service
from tallyward.records.service import RecordsService
from tests.records.decode.tap_writer import batch, gprs, leaf, node, stamp, voice
from tests.records.making import all_rows, shared_data

REAL = shared_data("cdr/tap3")
needs_real = pytest.mark.skipif(
    REAL is None, reason="no ../shared/data/cdr/tap3 beside the repository: put the files there"
)


def decode(data: bytes, networks: dict[str, str] | None = None) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    rows = [row for part in tap3.read_tap3(data, networks or {}, issues) for row in part.rows.to_pylist()]
    return rows, issues


def refusal(data: bytes) -> RefusalError:
    with pytest.raises(RefusalError) as error:
        decode(data)
    return error.value


def test_a_batch_gives_its_events_in_order() -> None:
    calls = [gprs(), voice(Tag.MobileOriginatedCall, Tag.DialledDigits, "10086"), gprs(apn="b.apn")]
    for indefinite in (False, True):
        rows, issues = decode(batch(*calls, indefinite=indefinite), {"CHNCM": "46000"})
        assert [row["svc"] for row in rows] == [Service.DATA, Service.VOICE, Service.DATA]
        assert [row["peer_word"] for row in rows] == ["iot.apn", None, "b.apn"]
        assert (rows[0]["cell"], rows[0]["plmn"], rows[0]["imei"]) == ("460-00-10-20", 460000, 860123456789014)
        assert issues.count == 0


def test_an_empty_batch_is_a_batch() -> None:
    issues = Issues()
    (part,) = tap3.read_tap3(batch(), {}, issues)
    assert (part.rows.num_rows, part.rows.schema, issues.count) == (0, OBSERVED, 0)


def test_many_events_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tap3, "_PART", 10)
    data = batch(*[gprs()] * 25)
    parts = list(tap3.read_tap3(data, {}, Issues()))
    assert [part.rows.num_rows for part in parts] == [10, 10, 5]
    assert parts[0].end < parts[1].end < len(data)


def test_a_broken_event_is_put_aside_and_the_others_go_on() -> None:
    broken = gprs(start=stamp(Tag.CallEventStartTimeStamp, "20260231000000"))
    rows, issues = decode(batch(gprs(), broken, node(Tag.ContentTransaction), gprs()))
    assert len(rows) == 2
    one, other = issues.kept
    assert (one.record, one.code, one.field, one.detail) == (
        2,
        "records.start_time",
        "LocalTimeStamp",
        "20260231000000",
    )
    assert one.tag_path == "TransferBatch/CallEventDetailList/GprsCall/CallEventStartTimeStamp/LocalTimeStamp"
    assert one.offset is not None
    assert (other.record, other.code, other.detail) == (3, "records.tap_event_kind", "ContentTransaction")


NRTRDE = node(Tag.TransferBatch, leaf(Tag.SpecificationVersionNumber, 2), leaf(Tag.ReleaseVersionNumber, 1))
CUT = node(Tag.GprsCall, leaf(Tag.Imsi, b"\x46\x00")[:-1])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (batch(gprs()) + b"\0\0", "records.tap_trailing"),
        (batch(gprs()) + batch(gprs()), "records.tap_trailing"),
        (batch(gprs(), count=2), "records.tap_count"),
        (batch(gprs(), release=8), "records.tap_version"),
        (batch(gprs(), control=[leaf(Tag.FileTypeIndicator, "T")]), "records.tap_test_file"),
        (batch(gprs(), offsets=[(1, "0800")]), "records.tap_offset_table"),
        (NRTRDE, "records.tap_nrtrde"),
        (node(Tag.Notification), "records.tap_notification"),
        (node(Tag.ReturnBatch), "records.tap_rap"),
        (node(Tag.Acknowledgement), "records.tap_rap"),
        (node(Tag.GprsCall), "records.tap_other"),
        (node(Tag.TransferBatch), "records.tap_structure"),
        (node(Tag.TransferBatch, node(Tag.GprsCall)), "records.tap_structure"),
        (batch(gprs())[:-1], "records.ber_length"),
        (batch(gprs(), CUT), "records.ber_length"),
        (b"\x30\x00", "records.tap_other"),
    ],
)
def test_what_is_no_whole_transfer_batch_is_refused_whole(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_broken_length_within_an_event_names_the_event() -> None:
    issue = refusal(batch(gprs(), CUT)).issue
    assert issue.tag_path == "TransferBatch/CallEventDetailList/GprsCall"
    assert issue.offset is not None


GOLDEN = batch(
    gprs(),
    voice(Tag.MobileOriginatedCall, Tag.DialledDigits, "10086"),
    voice(Tag.MobileTerminatedCall, Tag.SMSOriginator, "13800000001", tele="21"),
    gprs(start=stamp(Tag.CallEventStartTimeStamp, code=2)),
    indefinite=True,
)


def swallow(data: bytes) -> None:
    """Read it; anything but rows, issues and a refusal fails the test."""
    try:
        rows, _ = decode(data)
        assert all(0 < row["ts"] < 2**32 for row in rows)
    except RefusalError as error:
        assert error.sentence("en") != error.code


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOLDEN) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bytes_never_break_the_decoder(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOLDEN)
    for place, mask in flips:
        data[place] ^= mask
    swallow(bytes(data))


def test_no_truncation_passes_as_a_batch() -> None:
    for end in range(len(GOLDEN)):
        refusal(GOLDEN[:end])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_a_batchs_tag_are_survived(tail: bytes) -> None:
    swallow(b"\x61" + tail)


# the real files


def real(name: str) -> bytes:
    assert REAL is not None
    return (REAL / name).read_bytes()


def oracle_events(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """(kind, values) of each call event as pycrate reads them."""
    module = pytest.importorskip("pycrate_asn1dir.TAP3", reason="the oracle: pip install pycrate").TAP_0312
    module.DataInterChange.from_ber(data)
    kind, value = module.DataInterChange.get_val()
    assert kind == "transferBatch"
    events: list[tuple[str, dict[str, Any]]] = value.get("callEventDetails", [])
    return events


def values_named(name: str, within: object) -> list[Any]:
    """All values of a name, in order."""
    if isinstance(within, dict):
        own = [within[name]] if name in within else []
        return own + [found for value in within.values() for found in values_named(name, value)]
    if isinstance(within, list | tuple):
        return [found for value in within for found in values_named(name, value)]
    return []


@needs_real
def test_the_valid_batch_holds_what_the_oracle_reads() -> None:
    data = real("tap_3_12_valid.ber")
    rows, issues = decode(data)
    events = oracle_events(data)
    assert len(rows) == len(events) == 4
    assert issues.count == 0
    for row, (_, event) in zip(rows, events, strict=True):
        assert str(row["imsi"]) == values_named("imsi", event)[0].hex().rstrip("f")
        assert row["dur"] == next(iter(values_named("totalCallEventDuration", event)), 0)
        assert row["dn"] == next(iter(values_named("dataVolumeIncoming", event)), 0)
        assert row["up"] == next(iter(values_named("dataVolumeOutgoing", event)), 0)
        area, cell = values_named("locationArea", event), values_named("cellId", event)
        assert row["cell"] == (f"WERFD-{area[0]}-{cell[0]}" if cell else None)
    services = {"gprsCall": Service.DATA, "supplServiceEvent": Service.UNKNOWN}
    assert [row["svc"] for row in rows] == [services.get(kind, Service.VOICE) for kind, _ in events]
    # 2014-03-01 14:03:42, 15:02:00, 15:08:00 and 2014-03-02 15:08:00, all at +0200
    assert [row["ts"] for row in rows] == [1393675422, 1393678920, 1393679280, 1393765680]


@needs_real
def test_each_offset_of_the_table_is_used() -> None:
    """The timestamps file says 4 events and holds 5: with its count made true it gives all, in two offsets."""
    data = real("tap_3_12_timestamps.ber")
    assert refusal(data).issue.detail == "4 / 5"
    assert data[-1] == 4
    rows, _ = decode(data[:-1] + b"\x05")
    assert len(rows) == len(oracle_events(data)) == 5
    assert [row["ts"] for row in rows][-2:] == [1393765680, 1393791120]  # 15:08:00+0200, 15:12:00-0500


@needs_real
@pytest.mark.parametrize("cut", range(1, 819, 37))
def test_a_truncated_real_batch_is_refused(cut: int) -> None:
    refusal(real("tap_3_12_valid.ber")[:-cut])


@needs_real
def test_the_real_files_end_in_the_store_or_in_quarantine(records: RecordsService, source: SourceId) -> None:
    assert REAL is not None
    reports = {path.name: records.take_file(source, path) for path in sorted(REAL.glob("*.ber"))}
    assert {name for name, report in reports.items() if not report.quarantined} == {
        "tap_3_12_valid.ber",
        "asn1c-sample-DataInterChange-1.ber",
    }
    assert reports["tap_3_12_valid.ber"].records == 4
    sample = reports["asn1c-sample-DataInterChange-1.ber"]
    assert (sample.records, sample.refused) == (0, 5)  # its publisher has blanked subscribers and times
    whole = {row.name: row for row in records.quarantine(PageRequest()).rows if row.record_index is None}
    assert {name: row.reason_code for name, row in whole.items()} == {
        "length_overflow.ber": "records.ber_length",
        "rap_mini.ber": "records.tap_rap",
        "tap_3_12_negative_volume.ber": "records.tap_count",
        "tap_3_12_timestamps.ber": "records.tap_count",
        "tap_notification.ber": "records.tap_notification",
    }
    assert all(row.sentence("zh-CN") != row.reason_code for row in whole.values())
    assert all_rows(records).num_rows == 4


@needs_real
def test_a_negative_volume_is_put_aside_with_its_field() -> None:
    data = real("tap_3_12_negative_volume.ber")
    rows, issues = decode(data[:-1] + b"\x01")
    assert rows == []
    assert [(issue.code, issue.field, issue.detail) for issue in issues.kept] == [
        ("records.number", "DataVolumeIncoming", "-2")
    ]
