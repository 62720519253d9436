from nacl.signing import SigningKey

from tallyward.console.custody_risk import RiskRow
from tallyward.console.show.custody import break_row, chain, custody_overview, holding_row, lot_row, visible
from tallyward.custody import checkpoint
from tallyward.kernel.paging import PageRequest
from tests.console import ledger
from tests.console.fakes import DAY_TS, NOON, FakeRisk, finding
from tests.console.house import House

NOW = int(NOON.timestamp())


def test_a_witness_beside_the_log(reading_house: House) -> None:
    desk = reading_house.services.custody
    assert desk
    standing = desk.standing(None)
    witness = checkpoint.cosign(standing.head.head, "witness.example", SigningKey(bytes(32)), DAY_TS)
    object.__setattr__(standing, "head", standing.head.with_signature(witness))
    shown = custody_overview(standing, desk.log, NOW, sees_all=True)
    assert shown.ledger
    assert [(one.name, one.log, one.at is not None) for one in shown.ledger.signers] == [
        (ledger.ORIGIN, True, False),
        ("witness.example", False, True),
    ]
    assert shown.ledger.log_key == desk.log.text()
    assert [one.expired for one in shown.offers] == [False, False]
    later = custody_overview(standing, desk.log, NOW + 15 * ledger.DAY, sees_all=True)
    assert [one.expired for one in later.offers] == [True, True]


def test_slots_are_told_from_first_to_last(reading_house: House) -> None:
    desk = reading_house.services.custody
    assert desk
    (lot,) = desk.lots("alpha-op", PageRequest()).rows
    assert {one.state: one.cards for one in lot_row(lot).by_state} == {"HELD": 2, "OFFERED": 1}
    shown = [holding_row(one) for one in desk.holdings(None, "LOT-ALPHA", PageRequest()).rows]
    assert [(one.first, one.last, one.state) for one in shown] == [(0, 1, "HELD"), (2, 2, "OFFERED")]
    assert shown[0].title.zh_cn != shown[0].title.en


def test_a_step_names_holder_and_hosted_keys(reading_house: House) -> None:
    desk = reading_house.services.custody
    found = desk.trace(ledger.iccid(1, 1), None) if desk else None
    assert found
    shown = chain(found, {"alpha-fleet": "Alpha fleet"})
    assert [one.holder_name for one in shown.steps] == ["alpha-op", "alpha-op", "Alpha fleet"]
    assert [[(each.member, each.hosted) for each in one.signers] for one in shown.steps][-1] == [("alpha-fleet", True)]
    assert shown.hops == 1


def test_findings_are_their_operators() -> None:
    rows = FakeRisk().now
    assert [row.name for row in visible("alpha-op", rows)] == ["LOT-ALPHA"]
    assert visible("centre", rows) == []
    assert len(visible(None, rows)) == 3


def test_a_finding_about_no_slots_has_none() -> None:
    number, alpha, _ = (break_row(row) for row in FakeRisk().now)
    assert (number.first, number.last, number.path) == (0, 0, [])
    assert (alpha.first, alpha.last) == (1, 1)
    assert alpha.breaks[0].title.en.startswith("It was offered")
    assert break_row(RiskRow.of(finding("LOT-X"), "")).told[0].zh_cn.find("LOT-X") > 0
