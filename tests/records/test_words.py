import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.records.words import Word, WordKind, Words


class Kept:
    """A manifest that holds words."""

    def __init__(self) -> None:
        self.rows: list[tuple[WordKind, Word]] = []

    def load(self, kind: WordKind, after: int) -> list[Word]:
        return [word for held, word in self.rows if held is kind and word.id > after]


def test_ids_begin_at_one_and_cells_far_above_the_registrys() -> None:
    words = Words(Kept().load)
    assert words.ids(WordKind.APN, ["a", "b", "a"]) == [1, 2, 1]
    assert words.ids(WordKind.CELL, ["460-00-1-1"]) == [UNKNOWN_CELL_BASE]
    assert words.top(WordKind.APN) == 2
    assert words.find(WordKind.APN, "c") is None


def test_what_another_process_added_is_read_when_it_is_met() -> None:
    kept = Kept()
    words = Words(kept.load)
    kept.rows.append((WordKind.APN, Word(1, "iot.apn")))
    assert words.text(WordKind.APN, 1) == "iot.apn"
    assert words.text(WordKind.APN, 2) is None


class Taking(RuleBasedStateMachine):
    """However intakes succeed and fail, a durable id keeps its word and no id has two."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = Kept()
        self.words = Words(self.kept.load)

    @rule(texts=st.lists(st.sampled_from("abcdef"), max_size=4))
    def meet(self, texts: list[str]) -> None:
        ids = self.words.ids(WordKind.APN, texts)
        assert [self.words.text(WordKind.APN, number) for number in ids] == texts

    @rule()
    def commit(self) -> None:
        self.kept.rows += self.words.pending()
        self.words.settle()

    @rule()
    def fail(self) -> None:
        self.words.take_back()

    @invariant()
    def durable_words_stand(self) -> None:
        ids = [word.id for _, word in self.kept.rows]
        assert ids == list(range(1, len(ids) + 1))
        assert all(self.words.find(WordKind.APN, word.text) == word.id for _, word in self.kept.rows)


TestTaking = pytest.mark.filterwarnings("error")(Taking.TestCase)
Taking.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
