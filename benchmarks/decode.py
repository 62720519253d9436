"""How fast operators' files become columns, beside pycrate and asn1tools reading the very same octets.

    python benchmarks/decode.py --records 200000 --json -

Ours goes from the octets of a file to the columns that `records` takes in, all fields in use, on one core: CPU seconds
of the process, median of five runs. The peers turn the same records into their Python values and stop there: pycrate
with the whole ASN.1 module of TS 32.298 (and of TAP 3.12), asn1tools with the module below, whose unused fields are
octets or stepped over. They get a part of the records, as they need seconds for thousands; that all three read the
same is checked. `--floor` makes the run fail below that many gateway records a second. RADIUS accounting has no peer:
its messages are read for sessions that nobody knows, and for sessions that all were counted an hour before.
"""

import argparse
import json
import logging
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asn1tools
from pycrate_asn1dir.CDR import GPRSChargingDataTypes
from pycrate_asn1dir.TAP3 import TAP_0312

from tallyward.kernel.ids import EnterpriseId
from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr import read_cdr
from tallyward.records.decode.cdr_record import read_record
from tallyward.records.decode.issues import Issues
from tallyward.records.decode.observed import observed_rows
from tallyward.records.decode.radius_detail import read_detail
from tallyward.records.decode.tap3 import read_tap3
from tallyward.records.decode.tap3_tags import Tag
from tallyward.records.sessions import Life, since_counted

PEER_RECORDS = 3_000
SUBSET = """
Subset DEFINITIONS IMPLICIT TAGS ::= BEGIN
GPRSRecord ::= CHOICE { pGWRecord [79] PGWRecord }
PGWRecord ::= SET {
  recordType [0] INTEGER,
  servedIMSI [3] OCTET STRING OPTIONAL,
  pGWAddress [4] Skipped,
  chargingID [5] OCTET STRING,
  servingNodeAddress [6] Skipped,
  accessPointNameNI [7] IA5String OPTIONAL,
  pdpPDNType [8] OCTET STRING OPTIONAL,
  servedPDPPDNAddress [9] Skipped OPTIONAL,
  listOfTrafficVolumes [12] SEQUENCE OF Volumes OPTIONAL,
  recordOpeningTime [13] OCTET STRING,
  duration [14] INTEGER,
  causeForRecClosing [15] OCTET STRING,
  recordSequenceNumber [17] OCTET STRING OPTIONAL,
  nodeID [18] OCTET STRING OPTIONAL,
  localSequenceNumber [20] OCTET STRING OPTIONAL,
  servedMSISDN [22] OCTET STRING OPTIONAL,
  chargingCharacteristics [23] OCTET STRING,
  chChSelectionMode [24] OCTET STRING OPTIONAL,
  servingNodePLMNIdentifier [27] OCTET STRING OPTIONAL,
  servedIMEI [29] OCTET STRING OPTIONAL,
  rATType [30] INTEGER OPTIONAL,
  mSTimeZone [31] OCTET STRING OPTIONAL,
  userLocationInformation [32] OCTET STRING OPTIONAL,
  servingNodeType [35] Skipped
}
Skipped ::= SEQUENCE { ... }
Volumes ::= SEQUENCE {
  dataVolumeGPRSUplink [3] INTEGER OPTIONAL,
  dataVolumeGPRSDownlink [4] INTEGER OPTIONAL,
  changeCondition [5] INTEGER,
  changeTime [6] OCTET STRING,
  userLocationInformation [8] OCTET STRING OPTIONAL
}
END
"""


def element(first: int, content: bytes, *, second: int | None = None) -> bytes:
    """One element; `second` is the second octet of its tag."""
    size = len(content)
    length = (
        bytes([size]) if size < 0x80 else bytes([0x81, size]) if size < 0x100 else b"\x82" + size.to_bytes(2, "big")
    )
    return (bytes([first]) if second is None else bytes([first, second])) + length + content


def whole(first: int, value: int) -> bytes:
    """An INTEGER."""
    return element(first, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def tbcd(digits: str) -> bytes:
    """Packed digits, the first one low."""
    filled = digits + "f" * (len(digits) % 2)
    return bytes.fromhex("".join(filled[at + 1] + filled[at] for at in range(0, len(filled), 2)))


def gateway_record(rng: random.Random, card: int) -> bytes:
    """A PGW-CDR with what gateways write: addresses, sequence numbers, one to four containers, optional fields."""
    opened = (
        bytes.fromhex(f"2603{rng.randrange(1, 29):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}00") + b"+\x08\0"
    )
    place = (
        b"\x64\xf0\0" + rng.randrange(500).to_bytes(2, "big"),
        b"\x64\xf0\0" + rng.randrange(50_000).to_bytes(4, "big"),
    )
    containers = b"".join(
        element(
            0x30,
            whole(0x83, rng.getrandbits(rng.randrange(4, 24)))
            + whole(0x84, rng.getrandbits(rng.randrange(4, 30)))
            + whole(0x85, 2)
            + element(0x86, opened)
            + element(0x88, b"\x18" + b"".join(place)),
        )
        for _ in range(rng.choice((1, 1, 1, 2, 2, 4)))
    )
    fields = [
        whole(0x80, 85),
        element(0x83, tbcd(str(460_001_000_000_000 + card))),
        element(0xA4, element(0x80, b"\x0a\0\0\1")),
        whole(0x85, rng.getrandbits(32)),
        element(0xA6, element(0x80, b"\x0a\0\0\2")),
        element(0x87, rng.choice((b"cmiot", b"iot.apn", b"m2m.operator", b"meter.grid.example"))),
        element(0x88, b"\xf1\x21"),
        element(0xA9, element(0xA0, element(0x80, rng.randbytes(4)))),
        element(0xAC, containers),
        element(0x8D, opened),
        whole(0x8E, rng.choice((5, 300, 3_600, 86_399))),
        whole(0x8F, 0),
        whole(0x91, rng.randrange(500)) if rng.random() < 0.3 else b"",
        element(0x92, b"pgw-17"),
        whole(0x94, rng.getrandbits(31)),
        element(0x96, b"\x91" + tbcd(str(8_614_400_000_000 + card))) if rng.random() < 0.9 else b"",
        element(0x97, b"\x08\0"),
        whole(0x98, 3),
        element(0x9B, b"\x64\xf0\0"),
        element(0x9D, tbcd(str(8_600_000_000_000_000 + card * 100))) if rng.random() < 0.85 else b"",
        whole(0x9E, rng.choice((6, 8))),
        element(0x9F, b"\x23\0", second=31),
        element(0x9F, b"\x18" + b"".join(place), second=32),
        element(0xBF, b"\x0a\1\5", second=35),
    ]
    return element(0xBF, b"".join(fields), second=79)


def call_record(rng: random.Random, card: int) -> bytes:
    """A call of the MSC, out: numbers, times, place."""
    opened = (
        bytes.fromhex(f"2603{rng.randrange(1, 29):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}00") + b"+\x08\0"
    )
    place = element(0x80, rng.randbytes(2)) + element(0x81, rng.randbytes(2)) + element(0x82, b"\x64\xf0\0")
    fields = [
        whole(0x80, 0),
        element(0x81, tbcd(str(460_001_000_000_000 + card))),
        element(0x82, tbcd(str(8_600_000_000_000_000 + card * 100))) if rng.random() < 0.85 else b"",
        element(0x83, b"\x91" + tbcd(str(8_614_400_000_000 + card))),
        element(0x85, b"\x91" + tbcd(str(8_613_800_000_000 + rng.randrange(10**8)))),
        element(0x89, b"\x91" + tbcd("8613800000009")),
        element(0xAC, place),
        element(0xAE, element(0x83, b"\x11")),
        element(0x96, opened),
        element(0x97, opened) if rng.random() < 0.8 else b"",
        whole(0x99, rng.randrange(3_600)),
        whole(0x9E, 0),
        element(0x9F, rng.randbytes(5), second=32),
        element(0x9F, b"\x02", second=61),
    ]
    return element(0xA0, b"".join(fields))


def application(tag: int, content: bytes | int, *, holds: bool = False) -> bytes:
    """An element of TAP, by its application tag; whole numbers become INTEGERs."""
    if isinstance(content, int):
        content = content.to_bytes(content.bit_length() // 8 + 1, "big")
    first, number = 0x60 if holds else 0x40, tag & 0xFFFFFF
    if number < 31:
        return element(first | number, content)
    if number < 0x80:
        return element(first | 31, content, second=number)
    size = bytes([0x82]) + len(content).to_bytes(2, "big") if len(content) > 0x7F else bytes([len(content)])
    return bytes([first | 31, number >> 7 | 0x80, number & 0x7F]) + size + content


def holder(tag: int, *inside: bytes) -> bytes:
    """A constructed one."""
    return application(tag, b"".join(inside), holds=True)


def tap_call(rng: random.Random, card: int) -> bytes:
    """A GPRS call of TAP, nested as the ASN.1 module has it (TD.57; numbers are tags that our walk steps through)."""
    subscriber = holder(115, holder(427, holder(199, application(Tag.Imsi, tbcd_of_tap(460_001_000_000_000 + card)))))
    stamp = application(Tag.LocalTimeStamp, f"202603{rng.randrange(1, 29):02d}080000".encode())
    start = holder(Tag.CallEventStartTimeStamp, stamp, application(Tag.UtcTimeOffsetCode, 1))
    length = application(Tag.TotalCallEventDuration, rng.randrange(3_600))
    area, cell = application(Tag.LocationArea, rng.randrange(500)), application(Tag.CellId, rng.randrange(50_000))
    down = application(Tag.DataVolumeIncoming, rng.getrandbits(24))
    up = application(Tag.DataVolumeOutgoing, rng.getrandbits(20))
    return holder(
        Tag.GprsCall,
        holder(114, subscriber, holder(116, application(Tag.AccessPointNameNI, b"iot.apn")), start, length),
        holder(117, holder(118, area, cell)),
        holder(429, application(Tag.Imei, bytes.fromhex(f"{8_600_000_000_000_000 + card * 100}"))),
        holder(121, down, up),
    )


def tbcd_of_tap(digits: int) -> bytes:
    """Packed digits, the first one high."""
    return bytes.fromhex(f"{digits}f")


def tap_batch(count: int, rng: random.Random) -> bytes:
    """A transfer batch of GPRS calls."""
    control = (
        application(Tag.Sender, b"CHNCM"),
        application(Tag.SpecificationVersionNumber, 3),
        application(Tag.ReleaseVersionNumber, 12),
    )
    offset = holder(
        Tag.UtcTimeOffsetInfo, application(Tag.UtcTimeOffsetCode, 1), application(Tag.UtcTimeOffset, b"+0800")
    )
    calls = b"".join(tap_call(rng, card) for card in range(count))
    body = (
        holder(Tag.BatchControlInfo, *control)
        + holder(Tag.NetworkInfo, holder(Tag.UtcTimeOffsetInfoList, offset))
        + long_element(Tag.CallEventDetailList, calls)
        + holder(Tag.AuditControlInfo, application(Tag.CallEventDetailsCount, count))
    )
    return long_element(Tag.TransferBatch, body)


def interim(session: int, hours: int) -> str:
    """A message of RADIUS accounting, as FreeRADIUS writes it: what a session has used after so many hours."""
    values = {
        "Acct-Session-Id": f'"{session:08X}"',
        "Acct-Status-Type": "Interim-Update",
        "NAS-IP-Address": "10.0.0.1",
        "User-Name": '"meter@example"',
        "Calling-Station-Id": f'"{8_614_400_000_000 + session}"',
        "Called-Station-Id": '"iot.apn"',
        "3GPP-IMSI": f'"{460_001_000_000_000 + session}"',
        "3GPP-IMEISV": f'"{8_600_000_000_000_000 + session * 100}"',
        "3GPP-SGSN-MCC-MNC": '"46000"',
        "3GPP-RAT-Type": "0x06",
        "3GPP-User-Location-Info": f"0x8264f000000a64f000{session % 50_000:08x}",
        "Acct-Session-Time": hours * 3_600,
        "Acct-Input-Octets": hours * 1_000 + session % 1_000,
        "Acct-Output-Octets": hours * 3_000,
        "Acct-Delay-Time": 0,
        "Timestamp": 1_772_323_200 + hours * 3_600,
    }
    lines = "".join(f"\t{name} = {value}\n" for name, value in values.items())
    return f"Sun Mar  1 {hours:02d}:00:00 2026\n{lines}\n"


def detail(data: bytes, count: int, known: dict[bytes, list[Life]]) -> dict[bytes, list[Life]]:
    """Columns of all messages, next to what is known of their sessions; what is known after them."""
    issues = Issues()
    found = since_counted(read_detail(data, issues), EnterpriseId(1), lambda _asked: known)
    assert observed_rows(found.rows).num_rows == count
    assert issues.count == 0
    return {name: [life] for name, life in found.lives}


def long_element(tag: int, content: bytes) -> bytes:
    """A constructed element of any size, its length in four octets."""
    return bytes([0x60 | tag & 0xFF, 0x84]) + len(content).to_bytes(4, "big") + content


def rate(count: int, work: Callable[[], object], runs: int = 5) -> float:
    """Records a CPU second: the median of some runs after a warm one."""
    work()
    found = []
    for _ in range(runs):
        began = time.process_time()
        work()
        found.append(count / (time.process_time() - began))
    return round(statistics.median(found))


def ours(data: bytes, count: int) -> None:
    """Columns of all records; every one of them must be read."""
    issues = Issues()
    assert sum(part.rows.num_rows for part in read_cdr(data, issues)) == count
    assert issues.count == 0


def our_tap(data: bytes, count: int) -> None:
    """Columns of all events."""
    issues = Issues()
    assert sum(part.rows.num_rows for part in read_tap3(data, {"CHNCM": "46000"}, issues)) == count
    assert issues.count == 0


def plain_walk(records: list[bytes]) -> None:
    """Our reference: one record at a time."""
    for record in records:
        walk = Walk(record)
        read_record(walk, walk.element(0, len(record)))


def checked(records: list[bytes], pycrate: Any, subset: Any) -> None:  # noqa: ANN401 - neither library has types
    """All three read the same out of the records."""
    for record in records[:200]:
        pycrate.from_ber(record)
        said, other = pycrate.get_val()[1], subset.decode("GPRSRecord", record)[1]
        (row,) = next(read_cdr(record, Issues())).rows.to_pylist()
        for of in (said, other):
            assert row["dur"] == of["duration"]
            assert row["peer_word"] == of["accessPointNameNI"]
            assert row["up"] == sum(one["dataVolumeGPRSUplink"] for one in of["listOfTrafficVolumes"])
            assert tbcd(str(row["imsi"])) == of["servedIMSI"]


def measure(count: int) -> dict[str, object]:
    """All rates and ratios."""
    rng = random.Random(5)
    records = [gateway_record(rng, card) for card in range(count)]
    data, few = b"".join(records), records[:PEER_RECORDS]
    pycrate, subset = GPRSChargingDataTypes.GPRSRecord, asn1tools.compile_string(SUBSET, "ber")
    calls = b"".join(call_record(rng, card) for card in range(count // 2))
    tap_count = count // 8
    first, second = ("".join(interim(session, hours) for session in range(tap_count)).encode() for hours in (1, 2))
    known = detail(first, tap_count, {})
    tap, small_tap = tap_batch(tap_count, rng), tap_batch(PEER_RECORDS, rng)
    found = {
        "pgw_records_per_s": rate(count, lambda: ours(data, count)),
        "pgw_plain_walk_per_s": rate(len(few), lambda: plain_walk(few), runs=3),
        "pgw_pycrate_per_s": rate(len(few), lambda: [pycrate.from_ber(one) for one in few], runs=3),
        "pgw_asn1tools_per_s": rate(len(few), lambda: [subset.decode("GPRSRecord", one) for one in few], runs=3),
        "call_records_per_s": rate(count // 2, lambda: ours(calls, count // 2), runs=3),
        "tap_events_per_s": rate(tap_count, lambda: our_tap(tap, tap_count), runs=3),
        "tap_pycrate_per_s": rate(PEER_RECORDS, lambda: TAP_0312.DataInterChange.from_ber(small_tap), runs=3),
        "radius_messages_per_s": rate(tap_count, lambda: detail(second, tap_count, {}), runs=3),
        "radius_known_sessions_per_s": rate(tap_count, lambda: detail(second, tap_count, known), runs=3),
    }
    checked(few, pycrate, subset)
    return {
        "records": count,
        "octets_per_record": round(len(data) / count),
        **found,
        "ratio_to_pycrate": round(found["pgw_records_per_s"] / found["pgw_pycrate_per_s"], 1),
        "ratio_to_asn1tools": round(found["pgw_records_per_s"] / found["pgw_asn1tools_per_s"], 1),
        "tap_ratio_to_pycrate": round(found["tap_events_per_s"] / found["tap_pycrate_per_s"], 1),
    }


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=200_000)
    options.add_argument("--json", default="-", help="where the figures go; - for standard output")
    options.add_argument("--floor", type=int, default=0, help="gateway records a second to reach")
    chosen = options.parse_args()
    logging.disable(logging.INFO)  # pycrate tells of its modules
    figures = measure(chosen.records)
    found = json.dumps(figures, indent=2)
    if chosen.json == "-":
        sys.stdout.write(found + "\n")
    else:
        Path(chosen.json).write_text(found + "\n", encoding="utf-8")
    return 1 if int(str(figures["pgw_records_per_s"]).partition(".")[0]) < chosen.floor else 0


if __name__ == "__main__":
    sys.exit(main())
