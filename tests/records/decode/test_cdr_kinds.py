"""Names and tags of the kinds, beside the ASN.1 modules as pycrate has compiled them."""

from typing import Any

import pytest

from tallyward.records.decode.cdr_kinds import CONTEXT, HOLDERS, KIND_OF_TAG, KINDS, Field, Kind


def asn1() -> Any:
    return pytest.importorskip("pycrate_asn1dir.CDR", reason="the oracle: pip install pycrate")


def choice_of(kind: Kind) -> dict[int, Any]:
    """The alternatives of the CHOICE that a kind belongs to, by tag number."""
    module = asn1()
    gprs, cs = module.GPRSChargingDataTypes.GPRSRecord, module.CSChargingDataTypes.CSRecord
    choice = cs if kind.name.startswith(("MO", "MT")) else gprs
    return {part._tagc[0][1]: part for part in choice._cont.values()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_tags_are_those_of_the_asn1_modules(kind: Kind) -> None:
    record = choice_of(kind)[kind.choice]
    assert record._typeref.called[1] == kind.name
    tags = {name: part._tagc[0] for name, part in record._cont.items()}
    assert {number: tags[name] for number, name in kind.tags.items()} == {n: (2, n) for n in kind.tags}
    types = asn1().GenericChargingDataTypes.RecordType._cont
    name = kind.name[0].lower() + kind.name[1:]
    assert (
        types[
            {
                "sGSNPDPRecord": "sgsnPDPRecord",
                "sGSNSMORecord": "sgsnSMORecord",
                "sGSNSMTRecord": "sgsnSMTRecord",
                "mOCallRecord": "moCallRecord",
                "mTCallRecord": "mtCallRecord",
                "mOSMSRecord": "moSMSRecord",
                "mTSMSRecord": "mtSMSRecord",
            }.get(name, name)
        ]
        == kind.record_type
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_names_a_card_a_time_and_its_type(kind: Kind) -> None:
    fields = kind.fields()
    assert {Field.TYPE, Field.IMSI, Field.MSISDN, Field.IMEI, Field.START} <= set(fields.values())
    assert len(set(fields.values())) == len(fields)
    assert fields[CONTEXT] is Field.TYPE
    assert kind.name_of(Field.IMSI) == "servedIMSI"
    assert kind.name_of(Field.SERVICES) in {"listOfServiceData", "services"}
    assert KIND_OF_TAG[CONTEXT | kind.choice] is kind


def test_forms_are_those_of_the_asn1_modules() -> None:
    for kind in KINDS:
        parts = {part._tagc[0][1]: part for part in choice_of(kind)[kind.choice]._cont.values()}
        for tag, field in kind.fields().items():
            held = parts[tag & 0xFFFFFF].TYPE in {"SEQUENCE", "SEQUENCE OF", "SET", "SET OF", "CHOICE"}
            assert held == (field in HOLDERS), (kind.name, field)
