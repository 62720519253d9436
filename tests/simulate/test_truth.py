import json
from pathlib import Path

from tallyward.simulate.columns import Cards
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import iccids
from tallyward.simulate.truth import RULES, card_hits, tell_truth


def test_every_rule_is_planted_and_counted(fleet: Fleet) -> None:
    truth = tell_truth(fleet)
    assert set(truth.planted) == set(RULES)
    assert sum(truth.planted.values()) == len(truth.hits) == len(set(truth.hits))


def test_hits_name_cards_of_the_fleet_and_cells_of_nobody(fleet: Fleet, cards: Cards) -> None:
    known = set(iccids(cards.number))
    cells = {fleet.scene.cells.cgi(position) for position in range(len(fleet.scene.cells.ids))}
    for hit in tell_truth(fleet).hits:
        if hit.kind == "card":
            assert hit.number in known
        else:
            assert hit.number not in known | cells


def test_some_cards_fall_under_two_rules(fleet: Fleet) -> None:
    found = card_hits(fleet)
    assert set(found["R3"].tolist()) & set(found["R5"].tolist())
    assert set(found["R1"].tolist()) & set(found["R7"].tolist())


def test_truth_is_written_as_json(fleet: Fleet, tmp_path: Path) -> None:
    truth = tell_truth(fleet)
    truth.write(tmp_path / "truth.json")
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert told["planted"] == truth.planted
    assert told["hits"][0] == {"rule": truth.hits[0].rule, "kind": truth.hits[0].kind, "number": truth.hits[0].number}
