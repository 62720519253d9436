from tallyward.records.directory_port import Directory
from tests.records.fake_directory import FakeDirectory


def test_the_fake_registry_has_the_shape_of_the_real_one() -> None:
    directory: Directory = FakeDirectory()
    assert directory.version == 1
