"""A small writer of FreeRADIUS detail files: `record` gives one with some attributes changed or taken away."""

from tests.records.making import DAY_TS

GOOD = {
    "Acct-Session-Id": '"5F00A1"',
    "Acct-Status-Type": "Stop",
    "NAS-IP-Address": "10.0.0.1",
    "User-Name": '"meter@example"',
    "Calling-Station-Id": '"8614412345678"',
    "Called-Station-Id": '"iot.apn"',
    "3GPP-IMSI": '"460001234567890"',
    "3GPP-IMEISV": '"8601234567890120"',
    "3GPP-SGSN-MCC-MNC": '"46000"',
    "3GPP-RAT-Type": "0x06",
    "3GPP-User-Location-Info": "0x8264f000000a64f00000000014",
    "Acct-Session-Time": "60",
    "Acct-Input-Octets": "100",
    "Acct-Output-Octets": "200",
    "Acct-Delay-Time": "5",
    "Timestamp": str(DAY_TS + 65),
}


def record(head: str = "Sun Mar  1 08:01:05 2026", /, **changed: str | None) -> str:
    """Names are written with underscores; `TGPP_IMSI` is 3GPP-IMSI. None takes an attribute away."""
    names = {name.replace("TGPP_", "3GPP-").replace("_", "-"): value for name, value in changed.items()}
    lines = [f"\t{name} = {value}" for name, value in (GOOD | names).items() if value is not None]
    return "\n".join([head, *lines, "", ""])
