"""The form of each kind of transaction, and the field that names who speaks. Pure data."""

from dataclasses import fields
from typing import Final

from tallyward.custody import reports, transactions
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
        transactions.Suspend,
        transactions.Resume,
        transactions.Cancel,
        transactions.Quarantine,
        transactions.Recycle,
        transactions.Lose,
        transactions.Find,
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
    )
}
"""Each kind's form."""

SPEAKER: Final = {kind: fields(form)[0].name for kind, form in FORMS.items()}
"""The field that names who speaks, of each kind."""
