"""The two statistics behind the situation page, each from the room that knows."""

from dataclasses import dataclass

from tallyward.incidents.statistics import SecurityStore
from tallyward.registry.development import DevelopmentStore


@dataclass(frozen=True, slots=True)
class Statistics:
    """Development from the registry, security from incidents; `age_seconds`: how old figures of security may be."""

    development: DevelopmentStore
    security: SecurityStore
    age_seconds: int
