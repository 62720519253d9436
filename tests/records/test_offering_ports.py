from pathlib import Path

from tallyward.records.adapters.drop_folder import WatchedFolder
from tallyward.records.offering_ports import DropFolder, Message


def test_a_message_needs_no_handle_of_an_adapter() -> None:
    assert Message(7, b"rows") == (7, b"rows", None)


def test_a_folder_on_a_disk_has_the_shape_of_the_port(tmp_path: Path) -> None:
    folder: DropFolder = WatchedFolder(tmp_path)
    (tmp_path / "a.csv").write_text("x")
    assert [one.name for one in folder.listing()] == ["a.csv"]
    assert folder.path("a.csv") == tmp_path / "a.csv"
