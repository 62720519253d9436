"""Sources and quarantine as answers, and which of them a visitor may see."""

from collections.abc import Mapping, Sequence

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import moment
from tallyward.console.views.shared import Words
from tallyward.console.views.sources import QuarantineRow, SourceRef, SourceRow
from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import SourceId
from tallyward.records import model


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
