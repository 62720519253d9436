from dataclasses import replace

from tallyward.console.custody_health import OwnNode, WitnessSeen
from tallyward.console.show.custody_health import LATE_SECONDS, node_view, witness_row
from tallyward.custody.consensus import Consensus, Vote

VOTES = (Vote("OP", b"a" * 32, 1, signed=True, missed=0), Vote("", b"b" * 32, 2, signed=False, missed=7))
SEEN = Consensus(9, 1_000, behind=False, peers=3, blocks=8, votes=VOTES, entries=4, root="ab")


def test_what_a_node_sees_is_shown_with_the_age_of_its_last_block() -> None:
    shown = node_view(OwnNode("OP", SEEN), 1_002).consensus
    assert shown is not None
    assert (shown.height, shown.behind_seconds, shown.late, shown.catching_up, shown.peers) == (9, 2, False, False, 3)
    assert [(one.member, one.power, one.signed, one.missed) for one in shown.validators] == [
        ("OP", 1, True, 0),
        ("", 2, False, 7),
    ]
    assert shown.validators[1].key == "62" * 32


def test_blocks_that_stay_away_are_late_and_a_clock_ahead_is_not() -> None:
    def seen(now: int) -> tuple[int, bool]:
        shown = node_view(OwnNode("OP", replace(SEEN, behind=True)), now).consensus
        assert shown is not None
        assert shown.catching_up
        return shown.behind_seconds, shown.late

    assert seen(1_000 + LATE_SECONDS) == (LATE_SECONDS, False)
    assert seen(1_001 + LATE_SECONDS) == (LATE_SECONDS + 1, True)
    assert seen(900) == (0, False)


def test_a_node_that_does_not_answer() -> None:
    assert node_view(OwnNode("OP", None), 1).consensus is None


def test_a_witness_beside_the_newest_head() -> None:
    never = witness_row(WitnessSeen("w", "00", 0, 0, {"en": "Gone.", "zh-CN": "失联。"}), 4)
    assert (never.at, never.behind) == (None, 4)
    assert never.problem is not None
    assert never.problem.en == "Gone."
    signed = witness_row(WitnessSeen("w", "00", 4, 7, None), 4)
    assert (signed.at is None, signed.behind, signed.problem) == (False, 0, None)
    assert witness_row(WitnessSeen("w", "00", 9, 7, None), 4).behind == 0  # an older ledger was put back
