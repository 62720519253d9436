from tallyward.records.drop import Dropped, Settling

NOW = 1_000_000.0


def file(name: str, size: int = 10, modified: float = NOW, inode: int = 1) -> Dropped:
    return Dropped(name, size, modified, inode)


def names(found: list[Dropped]) -> list[str]:
    return [one.name for one in found]


def test_a_file_that_was_left_alone_is_whole_at_first_sight() -> None:
    settling = Settling(5)
    assert names(settling.whole([file("a.csv", modified=NOW - 5), file("b.csv", modified=NOW - 4)], NOW)) == ["a.csv"]
    assert names(settling.whole([file("b.csv", modified=NOW - 4)], NOW + 1)) == ["b.csv"]


def test_a_file_that_grows_is_not_whole_until_it_rests() -> None:
    settling = Settling(5)
    for second in range(8):
        assert not settling.whole([file("a.csv", size=second, modified=NOW + second)], NOW + second)
    assert not settling.whole([file("a.csv", size=7, modified=NOW + 7)], NOW + 11)
    assert settling.whole([file("a.csv", size=7, modified=NOW + 7)], NOW + 12)


def test_a_clock_ahead_of_ours_only_makes_it_wait_by_our_own() -> None:
    settling = Settling(5)
    ahead = file("a.csv", modified=NOW + 3600)
    assert not settling.whole([ahead], NOW)
    assert not settling.whole([ahead], NOW + 4.9)
    assert settling.whole([ahead], NOW + 5)


def test_a_file_renamed_from_its_temporary_name_is_whole_at_once() -> None:
    settling = Settling(5)
    for name in ("a.csv.part", ".a.csv", "a.csv.TMP"):
        assert not settling.whole([file(name, inode=7)], NOW)
        assert names(settling.whole([file("a.csv", inode=7)], NOW + 1)) == ["a.csv"]
        assert names(settling.whole([file("a.csv", inode=7)], NOW + 2)) == ["a.csv"], "until somebody takes it"
        settling.whole([], NOW + 3)


def test_temporary_names_are_never_whole_however_old() -> None:
    old = [file(name, modified=0) for name in ("a.tmp", "b.part", ".c", "d.filepart")]
    assert not Settling(0).whole(old, NOW)


def test_the_oldest_comes_first() -> None:
    found = Settling(0).whole([file("b", modified=3), file("c", modified=1), file("a", modified=3)], NOW)
    assert names(found) == ["c", "a", "b"]
