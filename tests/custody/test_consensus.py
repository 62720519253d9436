from tallyward.custody.consensus import Consensus, Vote


def test_what_a_node_sees_is_plain_values() -> None:
    vote = Vote("OP", b"k" * 32, 1, signed=True, missed=0)
    assert Consensus(3, 1, False, 0, 2, (vote,), 4, "ab") == Consensus(3, 1, False, 0, 2, (vote,), 4, "ab")
    assert hash(vote) == hash(Vote("OP", b"k" * 32, 1, signed=True, missed=0))
