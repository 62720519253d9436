import dataclasses

import pytest

from tallyward.kernel.actor import EVERYTHING, PLATFORM, Actor, Scope
from tallyward.kernel.ids import EnterpriseId


def test_the_platform_sees_everything() -> None:
    assert PLATFORM.scope == EVERYTHING
    assert PLATFORM.scope.enterprise is None


def test_a_scope_cannot_be_widened_once_it_is_given() -> None:
    actor = Actor(name="fleet", scope=Scope(EnterpriseId(7)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        actor.scope.enterprise = None  # type: ignore[misc]
