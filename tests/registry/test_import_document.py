from pathlib import Path

from tallyward.registry.import_document import import_document

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "import-formats.md"


def test_the_document_says_what_the_code_does() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == import_document(), "run `make docs`"
