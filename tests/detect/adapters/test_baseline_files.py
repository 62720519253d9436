from pathlib import Path

import pytest

from tallyward.detect.adapters import baseline_files
from tallyward.detect.adapters.baseline_files import KEPT, BaselineFiles
from tallyward.kernel.errors import CorruptError, TooLargeError
from tests.detect.test_usual import counts, of

ONE, TWO = of({1: counts([1] * 2000)}), of({1: counts([2] * 2000)})


def test_the_newest_is_what_was_kept_last_with_its_version(tmp_path: Path) -> None:
    files = BaselineFiles(tmp_path / "baselines")
    assert files.newest() is None
    assert not (tmp_path / "baselines").exists()
    first, second = files.keep(ONE), files.keep(TWO)
    assert first != second
    assert files.newest() == BaselineFiles(tmp_path / "baselines").newest() == (second, TWO)
    assert files.keep(ONE) == first
    assert files.newest() == (first, ONE)


def test_only_the_last_few_files_stay_and_no_half_one(tmp_path: Path) -> None:
    files = BaselineFiles(tmp_path)
    for number in range(KEPT + 3):
        files.keep(of({1: counts([number] * 2000)}))
    assert len(list(tmp_path.iterdir())) == KEPT
    assert files.newest() == BaselineFiles(tmp_path).newest()


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data.replace(b"2000", b"2001"), lambda _: b""])
def test_a_damaged_file_is_refused_and_no_older_one_is_taken_instead(tmp_path: Path, change: object) -> None:
    BaselineFiles(tmp_path).keep(ONE)
    BaselineFiles(tmp_path).keep(TWO)
    path = max(tmp_path.iterdir())
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(CorruptError) as caught:
        BaselineFiles(tmp_path).newest()
    assert caught.value.code == "detect.baselines_damaged"
    assert path.name in caught.value.sentence("en")


def test_damage_while_it_is_in_use_is_noticed_and_what_was_read_is_still_good(tmp_path: Path) -> None:
    files = BaselineFiles(tmp_path)
    files.keep(ONE)
    newest = files.keep(TWO), TWO
    assert files.newest() == files.last_good() == newest
    path = max(tmp_path.iterdir())
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    for _ in range(2):
        with pytest.raises(CorruptError):
            files.newest()
    assert files.last_good() == newest
    path.write_bytes(good)
    assert files.newest() == newest


def test_who_never_read_the_damaged_one_has_the_one_before_it_as_the_last_good(tmp_path: Path) -> None:
    first = BaselineFiles(tmp_path).keep(ONE)
    BaselineFiles(tmp_path).keep(TWO)
    max(tmp_path.iterdir()).write_bytes(b"")
    assert BaselineFiles(tmp_path).last_good() == (first, ONE)
    min(tmp_path.iterdir()).write_bytes(b"")
    assert BaselineFiles(tmp_path).last_good() is None


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    data = b"{}"
    (tmp_path / f"00000001-{baseline_files._digest(data)}.json").write_bytes(data)
    with pytest.raises(CorruptError) as caught:
        BaselineFiles(tmp_path).newest()
    assert caught.value.code == "detect.baselines_damaged"


def test_an_oversized_file_is_refused_when_read_and_when_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = BaselineFiles(tmp_path)
    files.keep(ONE)
    monkeypatch.setattr(baseline_files, "MOST_BYTES", 100)
    for work in (BaselineFiles(tmp_path).newest, lambda: files.keep(TWO)):
        with pytest.raises(TooLargeError) as caught:
            work()
        assert caught.value.code == "detect.baselines_large"
    assert len(list(tmp_path.iterdir())) == 1


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    files = BaselineFiles(tmp_path)
    assert files.newest() is None
    files.keep(ONE)
    assert (tmp_path / "notes.txt").read_text() == "mine"
