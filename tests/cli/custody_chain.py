"""A ledger that the commands made, for their tests."""

import json
from pathlib import Path

import pytest

from tallyward.cli.root import run

NUMBERS = [f"8986001000{at:09}" for at in range(40)]


class Ledger:
    """Says things by commands; `said` gives the last answer."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys

    def said(self, *arguments: str, exit_code: int = 0) -> str:
        """What a command answers."""
        self._capsys.readouterr()
        assert run(["custody", *arguments, "--folder", str(self.home)]) == exit_code
        captured = self._capsys.readouterr()
        self.aside = captured.err
        return captured.out.strip()

    def told(self, *arguments: str, exit_code: int = 0) -> dict[str, object]:
        """The same as JSON."""
        found: dict[str, object] = json.loads(self.said(*arguments, "--json", "-", exit_code=exit_code))
        return found

    def refused(self, *arguments: str) -> str:
        """What a command says when it refuses."""
        self._capsys.readouterr()
        assert run(["custody", *arguments, "--folder", str(self.home)]) >= 2
        return self._capsys.readouterr().err

    def begin(self) -> str:
        """A ledger of an operator and a regulator; the log's key."""
        return self.said("begin", "--origin", "ledger.example/t", "--operator", "OP=Op", "--regulator", "REG=Reg")

    def members(self) -> None:
        """A reseller and a shop."""
        self.said("member", "RES", "--kind", "reseller", "--name", "Reseller")
        self.said("member", "SHOP", "--kind", "retail", "--name", "Shop")

    def lot(self, name: str = "L1") -> None:
        """A lot of the numbers, registered."""
        file = self.home / f"{name}.txt"
        file.write_text("\n".join(NUMBERS) + "\n", encoding="ascii")
        self.said("register", name, str(file), "--as", "OP", "--product", "NB")

    def sell(self, seller: str, buyer: str, *cards: str) -> int:
        """Offer and accept; the number of the acceptance."""
        offer = self.said("offer", *cards, "--as", seller, "--to", buyer)
        self.said("accept", offer[:10], "--as", buyer)
        return int(self.aside.strip().removeprefix("Entry ").rstrip("."))
