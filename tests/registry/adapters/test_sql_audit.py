from contextlib import suppress
from datetime import UTC, datetime, timedelta

from tallyward.kernel.actor import EVERYTHING
from tallyward.kernel.ids import EnterpriseId
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.adapters.tables import EnterpriseRow
from tallyward.registry.audit import AuditEntry
from tallyward.registry.columns import Kind
from tests.registry.world import World

AT = datetime(2026, 11, 23, 8, 0, 0, 123457, tzinfo=UTC)


def entry(subject: str, enterprise: EnterpriseId | None = None) -> AuditEntry:
    """An entry about a subject."""
    return AuditEntry(AT, "小王", enterprise, "test.try", subject, {"text": "江苏 \"'", "number": 2**40, "none": None})


def test_an_entry_comes_back_as_it_was(world: World) -> None:
    world.audit.write(entry("card 1"))
    assert world.audit.page(EVERYTHING, PageRequest()).rows == (entry("card 1"),)
    before_the_epoch = AuditEntry(datetime(1970, 1, 1, tzinfo=UTC) - timedelta(microseconds=1), "x", None, "a.b", "c")
    world.audit.write(before_the_epoch)
    assert world.audit.page(EVERYTHING, PageRequest(limit=1)).rows == (before_the_epoch,)


def test_an_entry_falls_with_its_change(world: World) -> None:
    with suppress(RuntimeError), world.sessions.begin(EVERYTHING) as session:
        session.add(EnterpriseRow(id=1, code="never", name="Never", kind="vendor"))
        write_audit(session, entry("enterprise never"))
        session.flush()
        raise RuntimeError
    with world.sessions.begin(EVERYTHING) as session:
        assert session.get(EnterpriseRow, 1) is None
        write_audit(session, entry("card 2"))
    assert [row.subject for row in world.audit.page(EVERYTHING, PageRequest()).rows] == ["card 2"]


def test_the_log_is_paged_newest_first(world: World) -> None:
    for number in range(5):
        world.audit.write(entry(f"card {number}"))
    seen, request = [], PageRequest(limit=2)
    while True:
        page = world.audit.page(EVERYTHING, request)
        seen.append([row.subject for row in page.rows])
        if page.next_cursor is None:
            break
        request = PageRequest(limit=2, after=decode_cursor(page.next_cursor, int))
    assert seen == [["card 4", "card 3"], ["card 2", "card 1"], ["card 0"]]
    one = world.audit.page(EVERYTHING, PageRequest(), subject="card 3")
    assert [row.subject for row in one.rows] == ["card 3"]
    assert world.audit.page(EVERYTHING, PageRequest(), subject="card").rows == ()


def test_an_entry_is_seen_by_whose_row_it_was_and_by_who_acted(world: World) -> None:
    world.take_all(Kind.ENTERPRISES)
    a, b, op = (world.of(code).scope for code in ("a", "b", "op"))
    world.audit.write(entry("platform"))
    world.audit.write(entry("of a", a.enterprise))
    with world.sessions.begin(op) as session:
        write_audit(session, entry("of a by op", a.enterprise))
    seen = {scope: [row.subject for row in world.audit.page(scope, PageRequest()).rows] for scope in (a, b, op)}
    assert seen == {a: ["of a by op", "of a"], b: [], op: ["of a by op"]}


def test_long_names_are_cut_and_refuse_nothing(world: World) -> None:
    world.audit.write(AuditEntry(AT, "n" * 500, None, "a.b", "s" * 500))
    row = world.audit.page(EVERYTHING, PageRequest()).rows[0]
    assert (row.actor, row.subject) == ("n" * 100, "s" * 200)
