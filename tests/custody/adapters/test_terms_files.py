"""Terms wait for their handover in files of their owner's alone."""

from pathlib import Path

import pytest

from tallyward.custody.adapters.terms_files import TermsFiles
from tallyward.custody.sale_terms import Terms
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret

TERMS = Terms(32_000, "CNY", "12 months", bytes(32))


def test_they_are_found_by_their_hash_until_they_are_dropped(tmp_path: Path) -> None:
    files = TermsFiles(tmp_path / "terms")
    with pytest.raises(TallywardError, match="no_terms"):
        files.find(TERMS.hash())
    assert files.keep(Secret(TERMS)) == TERMS.hash()
    (file,) = (tmp_path / "terms").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert TermsFiles(tmp_path / "terms").find(TERMS.hash()).reveal() == TERMS
    file.write_bytes(b"\x80")
    with pytest.raises(TallywardError, match="file_unreadable"):
        files.find(TERMS.hash())
    files.drop(TERMS.hash())
    files.drop(TERMS.hash())
    with pytest.raises(TallywardError, match="no_terms"):
        files.find(TERMS.hash())
