from tallyward.console.custody_health import OwnNode


def test_a_node_that_does_not_answer_is_known_by_its_member() -> None:
    assert OwnNode("OP", None) == OwnNode("OP", None)
    assert OwnNode("OP", None).seen is None
