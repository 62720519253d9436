"""What the audit log says of one change: who, when, what, to whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tallyward.kernel.ids import EnterpriseId


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change, or one reading of personal data. `enterprise` is whose row it was; None: the platform's own.

    `action` is `room.verb`, such as `registry.bind`; `subject` names the row as people do, such as `card 17`.
    """

    at: datetime
    actor: str
    enterprise: EnterpriseId | None
    action: str
    subject: str
    detail: Mapping[str, str | int | None] = field(default_factory=dict)
