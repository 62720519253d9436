import json
from dataclasses import replace

from tallyward.incidents.adapters import finding_json
from tests.incidents.making import make_finding


def test_what_is_kept_comes_back_through_json() -> None:
    finding = make_finding(records=7)
    kept = json.loads(json.dumps(finding_json.dump(finding)))
    assert finding_json.load_measures(kept) == finding.measures
    assert finding_json.load_evidence(kept) == finding.evidence
    assert finding_json.load_explanation(kept) == finding.explanation


def test_evidence_is_bounded() -> None:
    finding = make_finding()
    long = replace(finding, evidence=finding.evidence * 1000)
    assert len(finding_json.load_evidence(finding_json.dump(long))) == finding_json.MAX_EVIDENCE
