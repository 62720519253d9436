from tallyward.console.custody_risk import RiskRow
from tests.console.fakes import finding


def test_a_finding_in_plain_values_and_both_languages() -> None:
    one = finding("LOT-ALPHA")
    row = RiskRow.of(one, "alpha-op")
    assert (row.kind, row.name, row.start, row.end) == ("card", "LOT-ALPHA", 1, 2)
    assert (row.breaks, row.action) == (("in_transit_in_use",), one.action.value)
    assert (row.probability, row.last_holder) == (one.probability, "lot-alpha-op")
    assert [(each.state, each.broken) for each in row.path] == [("REGISTERED", False), ("OFFERED", True)]
    assert len(row.told["en"]) == len(row.told["zh-CN"])
    assert "LOT-ALPHA" in row.told["zh-CN"][0]
