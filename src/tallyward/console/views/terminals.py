"""Terminals as the pages show them."""

from pydantic import Field

from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows


class TerminalRow(Answer):
    """One terminal in a list."""

    id: int
    serial: str
    imei: str | None
    vendor: str
    model: str
    firmware: str
    usage: str = Field(description="consumer, public, production")
    access: str
    fixed: bool
    cadence: str = Field(description="live, periodic, daily")
    holder: EnterpriseRef


class TerminalRows(Rows[TerminalRow]):
    """A page of terminals."""


class Place(Answer):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class BoundCard(Answer):
    """A card as the terminal's binding names it."""

    id: int
    iccid: str


class TerminalBinding(Answer):
    """This card rode in the terminal."""

    card: BoundCard
    since: Moment
    until: Moment | None
    reason: str


class TerminalDetail(TerminalRow):
    """Everything about one terminal."""

    home: Place | None
    gateway: int | None
    bindings: list[TerminalBinding]
