from dataclasses import replace

from tallyward.console.look_up import LookUp
from tallyward.console.show.terminals import card_bindings, terminal_detail, terminal_row
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId, TerminalId
from tallyward.registry.model import Binding
from tests.console.fakes import NOON
from tests.console.house import CARD_A, CARD_B, TERMINAL_A, TERMINAL_B, House


def binding(card: int, terminal: int) -> Binding:
    return Binding(CardId(card), TerminalId(terminal), NOON, None, "sold")


def test_what_the_visitor_may_not_see_is_left_out_of_bindings(reading_house: House) -> None:
    fleet = reading_house.accounts.user(PLATFORM, "fleet-alpha").actor
    terminal = reading_house.services.registry.terminal(fleet, TerminalId(TERMINAL_A))
    rode = [binding(CARD_A, TERMINAL_A), binding(CARD_B, TERMINAL_A)]
    shown = terminal_detail(LookUp(reading_house.services, fleet), terminal, rode)
    assert [one.card.id for one in shown.bindings] == [CARD_A]
    held = card_bindings([binding(CARD_A, TERMINAL_A), binding(CARD_A, TERMINAL_B)], {terminal.id: terminal})
    assert [one.terminal.id for one in held] == [TERMINAL_A]


def test_a_terminal_without_home_or_imei(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    terminal = reading_house.services.registry.terminal(PLATFORM, TerminalId(TERMINAL_A))
    bare = replace(terminal, home=None, imei=None)
    assert terminal_detail(look_up, bare, []).home is None
    assert terminal_row(look_up, bare).imei is None
