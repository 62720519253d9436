"""Who asks: every use case that reads or changes an enterprise's rows takes one of these."""

from dataclasses import dataclass

from tallyward.kernel.ids import EnterpriseId


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen: those an enterprise owns or operates; `enterprise` None sees every row."""

    enterprise: EnterpriseId | None


EVERYTHING = Scope(enterprise=None)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token or the platform itself, as the audit log names it."""

    name: str
    scope: Scope


PLATFORM = Actor(name="platform", scope=EVERYTHING)
