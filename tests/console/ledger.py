"""A card ledger in which A's and B's cards are: three cards each, sold to a fleet, one of them offered on."""

from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from tallyward.console.custody_desk import CustodyDesk
from tallyward.custody.authority import Purpose
from tallyward.custody.circulation_rules import SHIPPED, shipped
from tallyward.custody.fields import Member
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Accept, MemberAdd, Offer, Transaction
from tallyward.kernel.clock import Clock
from tallyward.kernel.secret import Secret
from tallyward.wiring.custody.ledger import Custody, Founder, begin_custody, open_custody
from tallyward.wiring.settings import Settings, read_settings

ORIGIN = "ledger.test/cards"
DAY = 86_400
_RULES = "cn-2019-chain"


def iccid(tenant: int, card: int) -> str:
    """As in `house`."""
    return f"898600{tenant}0000000000M{card:02d}"


def desk(folder: Path, clock: Clock, stack: ExitStack) -> CustodyDesk:
    """The ledger of a folder, made where there is none."""
    settings = read_settings(home=folder / "ledger")
    if not (folder / "ledger").exists():
        _begin(settings, clock)
    opened = stack.enter_context(open_custody(settings, clock))
    return CustodyDesk(opened.service, opened.log)


def _begin(settings: Settings, clock: Clock) -> None:
    founders = [
        Founder("alpha-op", "operator", "Alpha telecom"),
        Founder("beta-op", "operator", "Beta telecom"),
        Founder("centre", "regulator", "Control centre"),
    ]
    begin_custody(settings, ORIGIN, founders, tuple(shipped(one) for one in SHIPPED), clock)
    with open_custody(settings, clock) as opened:
        for tenant, operator, word in ((1, "alpha-op", "alpha"), (2, "beta-op", "bravo")):
            fleet, shop, lot = f"{word}-fleet", f"{word}-shop", f"LOT-{word.upper()}"
            _join(opened, fleet, "reseller")
            _join(opened, shop, "retail")
            numbers = [iccid(tenant, card) for card in range(tenant, tenant + 6, 2)]
            secret = Secret(sha256(word.encode()).digest())
            _say(opened, opened.service.register(operator, lot, numbers, "NB-IoT", _RULES, secret), operator)
            _offer(opened, operator, fleet, lot)
            (offer,) = [one for one in opened.service.offers() if one.buyer == fleet]
            _say(opened, Accept(fleet, offer.hash), fleet)
            _offer(opened, fleet, shop, f"{lot}:2")


def _join(opened: Custody, code: str, kind: str) -> None:
    key = bytes(opened.keys.make(code).verify_key)
    one = Member(code, kind, code.title(), ((key, int(Purpose.TRADE | Purpose.HOSTED)),))
    machine = opened.service.machine
    opened.service.submit(signed(machine.id, MemberAdd(one, machine.state.turn), *opened.governors()))


def _offer(opened: Custody, seller: str, buyer: str, cards: str) -> None:
    service = opened.service
    _say(opened, Offer(seller, buyer, service.cards([cards]), service.now + 14 * DAY, None), seller)


def _say(opened: Custody, one: Transaction, who: str) -> None:
    opened.service.submit(signed(opened.service.machine.id, one, opened.keys.read(who)))
