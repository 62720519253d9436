"""Bodies of add-checkpoint in their one form."""

from base64 import b64encode

import pytest

from tallyward.custody import checkpoint, witness_protocol
from tallyward.custody.codec import MalformedError
from tallyward.custody.witness_protocol import Request, parse_request, parse_signatures, parse_size
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, NOW
from tests.custody.test_witness import forged

HEAD = forged(9)
REQUEST = Request(7, (bytes(32), b"x" * 32), HEAD)
BODY = REQUEST.body()
HASH = b64encode(bytes(32)).decode()

SPECIFICATION = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


def test_the_example_of_the_specification() -> None:
    found = parse_request(SPECIFICATION.encode())
    assert (found.old, len(found.proof), found.head.head.size) == (20852014, 4, 20852163)
    assert len(found.head.signatures) == 2
    assert found.body() == SPECIFICATION.encode()


def test_there_and_back() -> None:
    assert parse_request(BODY) == REQUEST
    assert parse_request(Request(0, (), HEAD).body()).proof == ()
    assert len(parse_request(Request(1, (bytes(32),) * 63, HEAD).body()).proof) == 63


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        BODY[:-1],
        BODY.replace(b"old 7", b"old 07"),
        BODY.replace(b"old 7", b"old -7"),
        BODY.replace(b"old 7", b"old  7"),
        BODY.replace(b"old 7", "old ７".encode()),
        BODY.replace(b"old 7", b"new 7"),
        BODY.replace(b"old 7", b"7"),
        BODY.replace(b"\n", b"\r\n"),
        BODY.replace(HASH.encode(), b64encode(bytes(31))),
        BODY.replace(HASH.encode(), b"!" * 44),
        Request(7, (bytes(32),) * 64, HEAD).body(),
        Request(7, (bytes(32),) * 5000, HEAD).body(),
        f"old 7\n{HASH}\n{HEAD.note()}".encode(),
        BODY + b"\n",
        BODY * 2,
    ],
)
def test_other_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(TallywardError, match="witness_request"):
        parse_request(body)


def test_answers() -> None:
    one = checkpoint.cosign(HEAD.head, "w", KEYS["stranger"], NOW)
    assert parse_signatures(HEAD, one.line().encode() * 2) == (one, one)
    for bad in (b"", b"\xff", one.line().encode()[:-1], b"<html>", one.line().encode() * 200):
        with pytest.raises(MalformedError):
            parse_signatures(HEAD, bad)
    assert parse_size("0") == 0
    for text in ("", "00", "1 ", "+1", "1" * 5000, "１"):
        with pytest.raises(MalformedError):
            parse_size(text)
    assert witness_protocol.PATH == "/add-checkpoint"
