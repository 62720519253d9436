"""The trial's ledger: every organisation governs, trades and has one vote."""

import pytest
from nacl.signing import SigningKey

from tallyward.custody.authority import Purpose
from tallyward.custody.entry import DOMAIN, Signature, body_of, entry_of, key_id
from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import RegisterLot
from tallyward.custody.trial import RULES, Organisation, trial_genesis
from tallyward.kernel.errors import TallywardError


@pytest.mark.parametrize("count", [1, 4, 7])
def test_the_first_entry_of_a_trial(count: int) -> None:
    everybody = [Organisation(f"ORG{at}", SigningKey.generate(), SigningKey.generate()) for at in range(count)]
    machine = Machine(trial_genesis("trial.example", everybody, 5))
    votes = {row.member: row.public for row in machine.state.keys.rows.values() if row.purposes == Purpose.VALIDATE}
    assert votes == {one.name: bytes(one.vote.verify_key) for one in everybody}
    body = body_of(machine.id, RegisterLot("ORG0", "L", 9, bytes(32), "x", RULES.id))

    def signed_by(key: SigningKey) -> bytes:
        return entry_of(body, (Signature(key_id(bytes(key.verify_key)), key.sign(DOMAIN + body).signature),))

    assert machine.take(machine.judge(read(signed_by(everybody[0].sign)), 5)) == 1
    with pytest.raises(TallywardError, match="role_forbidden"):
        machine.judge(read(signed_by(everybody[0].vote)), 5)
