"""The form of each kind of transaction, and the field that names who speaks. Pure data."""

from dataclasses import fields
from typing import Final

from tallyward.custody import card_orders, reports, transactions
from tallyward.custody.transactions import Transaction

FORMS: Final[dict[int, type[Transaction]]] = {
    int(one.kind): one
    for one in (
        transactions.Genesis,
        transactions.RegisterLot,
        transactions.Offer,
        transactions.Withdraw,
        transactions.Accept,
        transactions.Reject,
        transactions.ActRequest,
        transactions.RnApprove,
        transactions.RnReject,
        transactions.Activate,
        transactions.BindDevice,
        card_orders.Suspend,
        card_orders.Resume,
        card_orders.Cancel,
        card_orders.Quarantine,
        card_orders.Recycle,
        card_orders.Lose,
        card_orders.Find,
        reports.OrderSuspend,
        reports.StockReport,
        reports.Incident,
        transactions.MemberAdd,
        transactions.MemberRemove,
        transactions.KeyAdd,
        transactions.KeyRevoke,
        transactions.RulesSet,
        reports.KeyDestroyed,
        transactions.BlockEnd,
        reports.CreditSet,
        transactions.Sale,
    )
}
"""Each kind's form."""

SPEAKER: Final = {kind: fields(form)[0].name for kind, form in FORMS.items()}
"""The field that names who speaks, of each kind."""
