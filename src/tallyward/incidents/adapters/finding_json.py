"""What a finding says, as the JSON that is kept with its incident, and back."""

from typing import Any, Final

from tallyward.detect.cards.finding import EvidenceRecord, Explanation, Finding, LimitOrigin, Measure
from tallyward.kernel.catalogue import LANGUAGES, Language

MAX_EVIDENCE: Final = 50


def dump(finding: Finding) -> dict[str, Any]:
    """Measures, evidence (the first 50 records of it) and explanation."""
    return {
        "measures": [measure._asdict() for measure in finding.measures],
        "evidence": [record._asdict() for record in finding.evidence[:MAX_EVIDENCE]],
        "explanation": {language: words._asdict() for language, words in finding.explanation.items()},
    }


def load_measures(kept: dict[str, Any]) -> tuple[Measure, ...]:
    """The measures."""
    return tuple(Measure(**{**measure, "origin": LimitOrigin(measure["origin"])}) for measure in kept["measures"])


def load_evidence(kept: dict[str, Any]) -> tuple[EvidenceRecord, ...]:
    """The evidence."""
    return tuple(EvidenceRecord(**record) for record in kept["evidence"])


def load_explanation(kept: dict[str, Any]) -> dict[Language, Explanation]:
    """The explanation in each language it has."""
    found = kept["explanation"]
    return {language: Explanation(**found[language]) for language in LANGUAGES if language in found}
