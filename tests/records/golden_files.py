"""The golden files of tests/records/golden: one of each format, small, made up, with a broken record in each.

`PYTHONPATH=src .venv/bin/python -m tests.records.golden_files` writes them and what they must give again: look at the
difference before it is committed, since what it writes is what the code gives.
"""

import json
from pathlib import Path
from typing import Any

from tallyward.records.decode.detect_format import detect_format
from tallyward.records.decode.issues import Issues
from tallyward.records.decode.mapping import read_mapping
from tallyward.records.decode.tap3_tags import Tag
from tallyward.records.model import Format
from tallyward.records.offered import Offered
from tallyward.records.peers import peer_text
from tallyward.records.reading import Reader
from tests.records.decode import cdr_writer, detail_writer, diameter_writer, tap_writer
from tests.records.decode.cdr_writer import KIND, e_utran, leaf, network, node, number, record, sms_number, stamp, tbcd
from tests.records.decode.heard_rows import first_rows
from tests.records.making import IMSI, csv_of, line

FOLDER = Path(__file__).with_name("golden")
MAPPING = """\
delimiter: "|"
columns:
  imsi: CARD
  service: {column: KIND, values: {D: data, M: sms}}
  start_time: {column: WHEN, format: "%Y%m%d%H%M%S", zone: Asia/Shanghai}
  bytes_down: {column: KB, unit: kB, decimal: ","}
  cell: {network: {value: "46000"}, area: LAC, identity: CI, base: 16}
"""


def _gateways() -> list[bytes]:
    abroad = e_utran(700, 268_435_455, network("310", "260"))
    endless = node(12, b"\x30\x80" + leaf(3, 5) + leaf(4, 6) + b"\0\0", indefinite=True)
    return [
        cdr_writer.pgw(),
        cdr_writer.pgw(volumes=[(1, 2), (2**33, 4)], opened=stamp("260228203000", "-0330")),
        cdr_writer.pgw(volumes=(), by_service=[(10, 20), (30, 40)], msisdn=None, imei="86012345678901"),
        cdr_writer.sgw(place=abroad, serving=network("310", "260"), rat=8, more=[leaf(200, b"unknown")]),
        record(KIND["PGWRecord"], leaf(3, tbcd(str(IMSI))), endless, leaf(13, stamp()), indefinite=True),
        cdr_writer.pgw(opened=stamp("260231000000")),
        node(76, leaf(0, 76)),
    ]


def _messages_and_calls() -> list[bytes]:
    card = leaf(1, tbcd(str(IMSI)))
    place = (leaf(0, b"\0\x0a"), leaf(1, b"\0\x14"))
    return [
        record(KIND["SGSNSMORecord"], card, leaf(11, stamp()), leaf(17, 6), leaf(18, sms_number("10086")), leaf(26, e_utran())),
        record(KIND["SGSNSMTRecord"], card, leaf(7, place[0][2:]), leaf(9, place[1][2:]), leaf(10, stamp()),
               leaf(19, number("8613800000001"))),
        record(KIND["SGSNPDPRecord"], leaf(3, tbcd(str(IMSI))), leaf(8, b"\0\x0a"), leaf(9, b"\0\x14"), leaf(12, "iot.apn"),
               node(15, *cdr_writer.traffic((7, 8))), leaf(16, stamp()), leaf(17, 90), leaf(29, 2), leaf(38, network())),
        record(KIND["MOCallRecord"], card, leaf(5, number("8613800000001")), node(12, *place, leaf(2, network())),
               node(14, leaf(3, b"\x11")), leaf(22, stamp("260301075950")), leaf(23, stamp()), leaf(25, 60), leaf(61, 2)),
        record(KIND["MTCallRecord"], card, leaf(4, b"\x21\x81" + tbcd("10086")), leaf(19, stamp()), leaf(22, 0)),
        record(KIND["MOSMSRecord"], card, node(7, *place), leaf(9, stamp()), leaf(12, sms_number("10010"))),
        record(KIND["MTSMSRecord"], leaf(2, tbcd(str(IMSI))), leaf(8, stamp())),
        record(KIND["MOCallRecord"], card, leaf(5, number("1")), leaf(23, stamp())),
    ]  # fmt: skip


def _detail() -> bytes:
    interim = {"Acct_Session_Id": '"2"', "Acct_Status_Type": "Interim-Update"}
    return "".join(
        [
            detail_writer.record(Acct_Status_Type="Start"),
            detail_writer.record(Acct_Status_Type="Interim-Update", Acct_Input_Octets="40"),
            detail_writer.record(Acct_Output_Gigawords="1"),
            detail_writer.record(**interim, Acct_Input_Octets="50"),
            detail_writer.record(**interim, Acct_Session_Time="61", Acct_Input_Octets="51"),
            detail_writer.record(Acct_Session_Id='"3"', TGPP_IMSI='"46"'),
        ]
    ).encode()


def _acr() -> bytes:
    return (
        diameter_writer.packet_request(3, 1, diameter_writer.traffic(1, 2))
        + diameter_writer.packet_request(4, 2, diameter_writer.traffic(3, 4))
        + diameter_writer.totals_request(3, 1, 10, 5, 6, session="totals")
        + diameter_writer.totals_request(4, 2, 20, 7, 8, session="totals")
        + diameter_writer.sms_request(0, number=3)
        + diameter_writer.message(command=280)
    )


def golden_files() -> dict[str, bytes]:
    """The content of each file by its name."""
    broken_tap = tap_writer.gprs(start=tap_writer.stamp(Tag.CallEventStartTimeStamp, "20260231000000"))
    call = tap_writer.voice(Tag.MobileOriginatedCall, Tag.DialledDigits, "10086")
    mapped = f"CARD|KIND|WHEN|KB|LAC|CI\n{IMSI}|D|20260301080000|1,5|A|14\n{IMSI}|X|20260301080000||A|14\n"
    return {
        "gateways.cdr": b"".join(_gateways()),
        "gateways_32297.dat": cdr_writer.with_headers(_gateways(), release=8, routeing_filter=b"filter"),
        "messages_and_calls.cdr": b"".join(_messages_and_calls()),
        "roaming.tap": tap_writer.batch(tap_writer.gprs(), broken_tap, call, indefinite=True),
        "detail-20260301": _detail(),
        "requests.acr": _acr(),
        "mediation.csv": csv_of([line(), line(rat="x"), line(service="sms", peer="10086")]),
        "mapped.txt": mapped.encode(),
        "mapping.yaml": MAPPING.encode(),
    }


def read_golden(name: str, data: bytes) -> dict[str, Any]:
    """What the reading of a file gives, in plain values."""
    mapping = read_mapping(MAPPING.encode()) if name == "mapped.txt" else None
    offered, issues = Offered(name, data), Issues()
    form = Format.MAPPED if mapping else detect_format(offered.head, name)
    parts = Reader({"CHNCM": "46000"}).read(offered, form, issues, None, mapping)
    rows: list[dict[str, Any]] = []
    for part in parts:
        rows += first_rows(part.sessions) if part.sessions else part.table.to_pylist()
    for row in rows:
        row["peer"] = peer_text(row["peer"], row.pop("peer_word"))
    found = [{key: value for key, value in row.items() if value} for row in rows]
    return {
        "format": form.value,
        "rows": sorted(found, key=str),
        "aside": [[one.record, one.code, one.tag_path or one.field, one.detail] for one in issues.kept],
    }


def main() -> None:
    """Write files and expectations."""
    FOLDER.mkdir(exist_ok=True)
    for name, data in golden_files().items():
        (FOLDER / name).write_bytes(data)
        if not name.endswith(".yaml"):
            expected = json.dumps(read_golden(name, data), indent=1, ensure_ascii=False)
            (FOLDER / f"{name}.json").write_text(expected + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
