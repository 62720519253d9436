"""Who is on the simulated ledger, with which keys, under which rules.

Members are the enterprises of the fleet, by their codes in the registry, and one monitoring party. Every key follows
from the seed: anybody can compute it, so it guards nothing.
"""

from hashlib import sha256
from typing import Final, TypeAlias

from nacl.signing import SigningKey

from tallyward.custody.authority import Purpose
from tallyward.custody.fields import Member, Rules
from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.enterprises import FIRMS

Keys: TypeAlias = dict[tuple[str, Purpose], SigningKey]
"""By member and what the key is for: nobody has two keys for one purpose."""

ORIGIN: Final = "simulated.tallyward.example/cards"
MONITOR: Final = Member("mn-jiance", "monitor", "监测方 Monitoring (simulated)", ())

RULES: Final = Rules(
    id="cn-2019-units",
    pairs=(
        ("operator", "reseller"),
        ("operator", "unit"),
        ("reseller", "retail"),
        ("reseller", "unit"),
        ("retail", "unit"),
        ("reseller", "operator"),  # what is given back
        ("unit", "operator"),
    ),
    asking=("retail", "unit"),
    most_hops=6,
    person_cards=10,
    transit=30 * SECONDS_PER_DAY,
)
"""The chain of the white paper (figure 6); its consumers are organisations, which hold cards and ask for activation."""

_KINDS: Final = {
    EnterpriseKind.OPERATOR: "operator",
    EnterpriseKind.RESELLER: "reseller",
    EnterpriseKind.POINT_OF_SALE: "retail",
    EnterpriseKind.INDUSTRY_USER: "unit",
    EnterpriseKind.VENDOR: "maker",
    EnterpriseKind.REGULATOR: "regulator",
}
"""Kinds of member by kinds of enterprise; others take no part."""

_PURPOSES: Final = {
    "operator": (Purpose.TRADE, Purpose.REAL_NAME, Purpose.GOVERN),
    "regulator": (Purpose.TRADE, Purpose.GOVERN),
    "monitor": (Purpose.MONITOR,),
}

_ORGANISATIONS: Final = (
    *(Member(firm.code, _KINDS[firm.kind], firm.name, ()) for firm in FIRMS if firm.kind in _KINDS),
    MONITOR,
)


def chain_keys(seed: int) -> Keys:
    """All keys of a seed."""
    return {
        (one.id, purpose): _key(seed, one.id, purpose)
        for one in _ORGANISATIONS
        for purpose in _PURPOSES.get(one.kind, (Purpose.TRADE,))
    }


def chain_members(keys: Keys) -> tuple[Member, ...]:
    """The members with the public halves of their keys."""
    return tuple(
        one._replace(
            keys=tuple((bytes(key.verify_key), int(purpose)) for (id_, purpose), key in keys.items() if id_ == one.id)
        )
        for one in _ORGANISATIONS
    )


def _key(seed: int, member: str, purpose: Purpose) -> SigningKey:
    return SigningKey(
        sha256(f"tallyward simulation, a key that guards nothing/{seed}/{member}/{purpose.name}".encode()).digest()
    )
