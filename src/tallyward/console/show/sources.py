"""Sources and quarantine as answers, and which of them a visitor may see."""

from collections.abc import Mapping, Sequence

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import moment
from tallyward.console.views.shared import Words
from tallyward.console.views.sources import IntakeRow, QuarantineRow, SourceRef, SourceRow
from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import SourceId
from tallyward.records import model
from tallyward.records.intake_state import IntakeState


def visible(scope: Scope, sources: Sequence[model.SourceState]) -> list[model.SourceState]:
    """The sources of the visitor's enterprise, all for those bound to none."""
    return [source for source in sources if scope.enterprise in {None, source.operator}]


def sees_all(scope: Scope, sources: Sequence[model.SourceState]) -> bool:
    """Whether counts over all records are the visitor's own: bound to no enterprise, or to the only operator."""
    return scope.enterprise is None or {source.operator for source in sources} == {scope.enterprise}


def source_row(look_up: LookUp, source: model.SourceState) -> SourceRow:
    """A row of the list."""
    return SourceRow(
        id=source.id,
        name=source.name,
        operator=look_up.enterprise(source.operator),
        format=source.format.value if source.format else None,
        last_at=source.last_at,
        newest_at=None if source.newest_ts is None else moment(source.newest_ts),
        files=source.files,
        records=source.records,
        refused=source.refused,
        quarantined=source.quarantined,
        duplicates=source.duplicates,
        late=source.late,
        out_of_order=source.out_of_order,
    )


def intake_row(state: IntakeState) -> IntakeRow:
    """A row of the list."""
    behind = state.behind
    told = bool(state.reason_code)
    return IntakeRow(
        kind=state.kind.value,
        place=state.place,
        source=state.source,
        doing=state.doing.value,
        since=state.since,
        at=state.at,
        waiting=behind.waiting,
        waiting_bytes=behind.bytes,
        oldest_at=behind.oldest,
        taken=state.taken,
        refused=state.refused,
        repeated=state.repeated,
        failing=state.failing,
        reason_code=state.reason_code,
        reason=Words(en=state.sentence("en"), zh_cn=state.sentence("zh-CN")) if told else None,
        next_step=Words(en=state.next_step("en"), zh_cn=state.next_step("zh-CN")) if told else None,
    )


def quarantine_row(row: model.QuarantineRow, sources: Mapping[SourceId, model.SourceState]) -> QuarantineRow:
    """A row of the list."""
    return QuarantineRow(
        id=row.id,
        source=SourceRef(id=row.source, name=sources[row.source].name),
        intake=row.intake,
        name=row.name,
        record_index=row.record_index,
        offset=row.offset,
        tag_path=row.tag_path,
        field=row.field,
        reason_code=row.reason_code,
        reason=Words(en=row.sentence("en"), zh_cn=row.sentence("zh-CN")),
        next_step=Words(en=row.next_step("en"), zh_cn=row.next_step("zh-CN")),
        detail=row.detail,
        at=row.at,
        sample_hex=row.sample_hex,
    )
