"""The exact answer: which card falls under which rule on the day, which numbers and cells no registry knows."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tallyward.simulate.cells import unknown_cgi
from tallyward.simulate.draws import I64
from tallyward.simulate.faults import UNKNOWN_CARD, UNKNOWN_CELL, lost_cells
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import iccids
from tallyward.simulate.strangers import TAG_NAMES, make_strangers

RULES: Final = (UNKNOWN_CARD, UNKNOWN_CELL, "R1", "R2", "R3", "R4", "R5", "R6", "R7")


@dataclass(frozen=True, slots=True)
class Hit:
    """One expected finding: `kind` is card (its ICCID is the `number`), imsi, msisdn, iccid, or cell (its cgi)."""

    rule: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything a right scan finds on the day, and nothing else: `planted` counts `hits` by rule."""

    planted: dict[str, int]
    hits: tuple[Hit, ...]

    def write(self, path: Path) -> None:
        """As JSON: {planted: {rule: n}, hits: [{rule, kind, number}]}."""
        hits = [{"rule": hit.rule, "kind": hit.kind, "number": hit.number} for hit in self.hits]
        path.write_text(json.dumps({"planted": self.planted, "hits": hits}, indent=1) + "\n", encoding="utf-8")


def card_hits(fleet: Fleet) -> dict[str, I64]:
    """Card numbers that fall under each of R1 to R7, ascending."""
    found: dict[str, list[I64]] = {rule: [] for rule in RULES if rule not in {UNKNOWN_CARD, UNKNOWN_CELL}}
    for number, role in enumerate(fleet.cast.roles):
        for rule in role.hits:
            if rule != UNKNOWN_CELL:
                found[rule].append(fleet.cast.turns(number))
    return {rule: np.sort(np.concatenate(numbers)) for rule, numbers in found.items()}


def tell_truth(fleet: Fleet) -> Truth:
    """The truth of a fleet's day."""
    strangers = make_strangers(fleet)
    hits = [
        *(
            Hit(UNKNOWN_CARD, TAG_NAMES[tag], text)
            for tag, text in zip(strangers.tag.tolist(), strangers.texts(), strict=True)
        ),
        *(Hit(UNKNOWN_CELL, "cell", unknown_cgi(cell)) for cell in lost_cells(fleet.cast)),
        *(Hit(rule, "card", text) for rule, numbers in card_hits(fleet).items() for text in iccids(numbers)),
    ]
    return Truth(dict(Counter(hit.rule for hit in hits)), tuple(hits))
