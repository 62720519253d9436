"""What is tried on the simulated ledger and must be refused: each attempt with the code of its refusal."""

from typing import Final

from tallyward.custody.authority import Purpose
from tallyward.custody.transactions import Activate, Offer, RegisterLot
from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.chain_lots import LotBook
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_names import Request
from tallyward.simulate.chain_pen import Pen
from tallyward.simulate.chain_sales import Deal
from tallyward.simulate.enterprises import FIRMS

FORGER: Final = next(firm.code for firm in FIRMS if firm.kind is EnterpriseKind.RESELLER)
_USERS: Final = [firm.code for firm in FIRMS if firm.kind is EnterpriseKind.INDUSTRY_USER]


def forge_registrations(pen: Pen, book: LotBook) -> None:
    """A reseller registers a lot in the operator's name, and one in its own."""
    count = len(book.numbers)
    for name, code, operator in (
        ("forged_registration", "custody.signature_invalid", book.operator),
        ("registration_by_reseller", "custody.role_forbidden", FORGER),
    ):
        pen.attempt(
            name, code, RegisterLot(operator, f"{book.lot}-x", count, book.root, book.product, RULES.id), FORGER
        )


def sell_twice(pen: Pen, deal: Deal, expires: int) -> None:
    """The seller of a deal offers its first cards to somebody else, by the entry that the deal has used up."""
    other = next(user for user in _USERS if user != deal.buyer)
    one = Offer(deal.seller, other, deal.parts[:1], expires, None)
    pen.attempt("double_sale", "custody.input_consumed", one, deal.seller)


def replay(pen: Pen, deal: Deal) -> None:
    """A sale is shown again after its cards came back."""
    pen.repeat("replayed_sale", "custody.input_consumed", deal.said)


def approve_oneself(pen: Pen, request: Request) -> None:
    """Who asked for activation approves it."""
    pen.attempt("self_approval", "custody.self_approval", request.approval(request.holder), request.holder)


def activate_unapproved(pen: Pen, request: Request) -> None:
    """The operator activates what nobody has approved."""
    one = Activate(request.operator, request.said.hash)
    pen.attempt("unapproved_activation", "custody.approval_missing", one, request.operator, Purpose.REAL_NAME)
