"""Accounting sessions that lie in several files, on a real folder: what the store holds is what was used."""

import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId, SourceId
from tallyward.records.model import Format, IntakeReport
from tallyward.records.service import RecordsService
from tests.records.adapters.crash_watcher import Shown, watcher
from tests.records.adapters.crash_writer import open_it
from tests.records.conftest import OPERATOR, Opener
from tests.records.decode.detail_writer import record
from tests.records.decode.diameter_writer import packet_request, totals_request, traffic
from tests.records.making import CARD, DAY, DAY_TS, IMSI, all_rows

HOUR = 3_600


def interim(hours: int, *, status: str = "Interim-Update", begun: int = DAY_TS, **changed: str | None) -> str:
    """What a session has used after so many hours: 100 octets up and 200 down in each."""
    seconds = hours * HOUR
    usual = {
        "Acct_Status_Type": status,
        "Acct_Session_Time": str(seconds),
        "Acct_Input_Octets": str(100 * hours),
        "Acct_Output_Octets": str(200 * hours),
        "Timestamp": str(begun + seconds + 5),
    }
    return record(**{**usual, **changed})


def take(records: RecordsService, source: SourceId, name: str, *messages: str) -> IntakeReport:
    return records.take_bytes(source, name, "".join(messages).encode())


def held(records: RecordsService) -> tuple[int, int, int]:
    """(seconds, octets up, octets down) of all that the store holds."""
    rows = all_rows(records)
    seconds, up, down = (int(rows[name].to_numpy().astype(np.int64).sum()) for name in ("dur", "up", "dn"))
    return seconds, up, down


def used(hours: int, sessions: int = 1) -> tuple[int, int, int]:
    return hours * HOUR * sessions, hours * 100 * sessions, hours * 200 * sessions


def test_a_session_of_a_day_in_a_file_an_hour_counts_once(records: RecordsService, source: SourceId) -> None:
    take(records, source, "00", interim(0, status="Start", Acct_Session_Time=None), interim(1))
    for hour in range(2, 24):
        report = take(records, source, f"{hour:02d}", interim(hour))
        assert (report.records, report.duplicates) == (1, 0)
        assert held(records) == used(hour)
    take(records, source, "24", interim(24, status="Stop"))
    assert held(records) == used(24)
    assert records.hours(DAY) == [1] * 24, "each hour's use lies in its hour"
    assert set(all_rows(records)["card_id"].to_pylist()) == {CARD}
    assert records.upkeep.verify().faults == ()


def test_a_stop_before_its_interims_and_files_in_no_order(records: RecordsService, source: SourceId) -> None:
    take(records, source, "stop", interim(5, status="Stop"))
    for hour in (4, 1, 3, 2):
        report = take(records, source, f"{hour}", interim(hour))
        assert (report.records, report.duplicates) == (0, 1)
    assert held(records) == used(5)
    assert records.sources()[0].duplicates == 4


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(1, 9)), cuts=st.sets(st.integers(1, 7)), again=st.integers(0, 7))
def test_any_order_any_cut_and_any_file_again(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: set[int], again: int
) -> None:
    records = open_it(tmp_path_factory.mktemp("store"))
    source = records.add_source("radius", OPERATOR)
    edges = [0, *sorted(cuts), 8]
    files = [order[first:end] for first, end in pairwise(edges)]
    for number, hours in enumerate([*files, files[again % len(files)]]):
        messages = [interim(hour, Acct_Session_Id=f'"{name}"') for hour in hours for name in "AB"]
        assert take(records, source, f"{number}", *messages, "\n" * (number + 1)).refused == 0
    assert held(records) == used(8, sessions=2)
    assert records.upkeep.verify().faults == ()
    records.close()


def test_the_same_messages_in_another_file_and_from_another_source(records: RecordsService, source: SourceId) -> None:
    """A server that takes over in the middle of a session, and a relay that sends what the first one has sent."""
    second = records.add_source("radius-2", OPERATOR)
    take(records, source, "a", interim(1), interim(2))
    assert take(records, second, "b", interim(3)).records == 1
    again = take(records, second, "all", interim(1), interim(2), interim(3))
    assert (again.records, again.duplicates) == (0, 3)
    assert take(records, source, "c", interim(4)).records == 1
    assert held(records) == used(4)


def test_sessions_of_other_servers_cards_and_operators_stay_apart(records: RecordsService, source: SourceId) -> None:
    abroad = records.add_source("abroad", EnterpriseId(OPERATOR + 1))
    take(records, source, "a", interim(1))
    take(records, source, "b", interim(2, NAS_IP_Address="10.0.0.2"))
    take(records, source, "c", interim(2, TGPP_IMSI=f'"{IMSI + 1}"'))
    take(records, abroad, "d", interim(3))
    assert held(records) == used(1 + 2 + 2 + 3)


def test_a_restarted_server_that_numbers_anew(records: RecordsService, source: SourceId) -> None:
    take(records, source, "a", interim(1), interim(3))
    take(records, source, "b", interim(1, begun=DAY_TS + 4 * HOUR))
    take(records, source, "c", interim(2, begun=DAY_TS + 4 * HOUR, status="Stop"), interim(3, status="Stop"))
    assert held(records) == used(3 + 2)


@pytest.mark.parametrize(("giga_words", "more"), [(None, 2**32 - 4_000_000_000 + 1_000), ("0", 1_000)])
def test_octets_that_fall(records: RecordsService, source: SourceId, giga_words: str | None, more: int) -> None:
    """Without giga-words the counter ran over; with them it began anew. With giga-words it counts on."""
    high = interim(1, Acct_Input_Octets="4000000000", Acct_Input_Gigawords=giga_words)
    take(records, source, "a", high)
    take(records, source, "b", interim(2, Acct_Input_Octets="1000", Acct_Input_Gigawords=giga_words))
    assert held(records)[1] == 4_000_000_000 + more
    other = '"other"'
    take(records, source, "c", interim(3, Acct_Session_Id=other, Acct_Input_Octets="4000000000"))
    beyond = interim(4, Acct_Session_Id=other, Acct_Input_Octets="5", Acct_Input_Gigawords="1")
    take(records, source, "d", beyond)
    assert held(records)[1] == 4_000_000_000 + more + 2**32 + 5


def test_totals_of_diameter_go_on_over_files_beside_containers(records: RecordsService, source: SourceId) -> None:
    for number in (1, 2, 4, 3):
        data = totals_request(3, number, 60 * number, 10 * number, number, session="totals")
        report = records.take_bytes(
            source, f"{number}", data + packet_request(3, number, traffic(5, 5), at=DAY_TS + number)
        )
        assert report.format is Format.DIAMETER
    assert held(records) == (240, 40 + 20, 4 + 20)


def test_a_message_put_aside_is_made_up_by_the_next(records: RecordsService, source: SourceId) -> None:
    take(records, source, "a", interim(1))
    broken = take(records, source, "b", interim(2, TGPP_RAT_Type="7G"))
    assert (broken.records, broken.refused) == (0, 1)
    take(records, source, "c", interim(3))
    assert held(records) == used(3)


def test_a_file_put_aside_whole_counts_nothing_of_its_sessions(
    records: RecordsService, source: SourceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(records, source, "a", interim(1))
    days = [interim(1, begun=DAY_TS - day * 24 * HOUR, Acct_Session_Id=f'"{day}"') for day in range(1, 9)]
    monkeypatch.setattr("tallyward.records.taking.MOST_DAYS", 5)
    assert take(records, source, "b", interim(2), *days).quarantined
    monkeypatch.undo()
    assert records.take_bytes(source, "b", "".join([interim(2), *days, "\n"]).encode()).records == 9
    assert held(records) == used(2 + 8)


def test_a_writer_that_fails_leaves_what_was_counted(opened: Opener) -> None:
    broken: list[str] = []

    def step(name: str) -> None:
        if name in broken:
            raise OSError(5, "broken")

    service = opened(step=step)
    source = service.add_source("radius", OPERATOR)
    take(service, source, "1", interim(1))
    for hour, name in enumerate(("written", "offset_moved", "sessions_kept", "before_commit"), 2):
        broken.append(name)
        with pytest.raises(Exception, match=r"records\.disk"):
            take(service, source, f"{hour}", interim(hour))
        assert held(service) == used(hour - 1)
        broken.clear()
        assert take(service, source, f"{hour}", interim(hour)).records == 1
    assert held(service) == used(5)


def test_compaction_and_retention_of_records_leave_what_was_counted(
    records: RecordsService, source: SourceId, clock: FixedClock
) -> None:
    for hour in range(1, 12):
        take(records, source, f"{hour}", interim(hour))
    assert records.upkeep.compact().before > 0
    assert take(records, source, "12", interim(12)).records == 1
    for day in range(1, 45):  # each day a file, so nothing that is heard of is ever forgotten
        clock.set(clock.now() + timedelta(days=1))
        take(records, source, f"day {day}", interim(12 + day * 24))
        records.upkeep.expire(10)
    assert len(records.days()) <= 12
    late = take(records, source, "late", interim(20), interim(12 + 44 * 24))
    assert (late.records, late.duplicates) == (0, 2)
    assert held(records)[1] == sum(100 * row // HOUR for row in all_rows(records)["dur"].to_pylist())
    assert records.upkeep.verify().faults == ()


def test_a_session_that_never_stops_is_forgotten_when_it_is_silent(
    records: RecordsService, source: SourceId, clock: FixedClock
) -> None:
    take(records, source, "a", interim(1), interim(1, Acct_Session_Id='"silent"'))
    clock.set(clock.now() + timedelta(days=8))
    assert records.upkeep.expire(30).sessions == 0, "nothing was heard of the others either"
    take(records, source, "b", interim(2))
    assert records.upkeep.expire(30).sessions == 1
    assert records.upkeep.expire(30).sessions == 0
    again = take(records, source, "c", interim(2, Acct_Session_Id='"silent"'), interim(2))
    assert (again.records, again.duplicates) == (1, 1)
    assert held(records) == used(2 + 1 + 2), (
        "what is forgotten counts again: the limit that docs/record-formats.md tells"
    )


def test_a_watched_folder_takes_the_same_way(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    records = open_it(tmp_path / "records")
    work = watcher(records, drop, Shown())
    order = list(range(1, 13))
    random.Random(3).shuffle(order)
    for hour in order:
        (drop / f"detail-{hour:02d}").write_text(interim(hour), encoding="ascii")
        assert work.round() == 1
    assert held(records) == used(12)
    assert len(list((drop / "done").iterdir())) == 12
    records.close()
