"""TAP 3.12 transfer batches (GSMA TD.57), read by our own walk over their tags. Pure.

What is no transfer batch is told apart before anything is taken: a notification, RAP (TD.32), NRTRDE (TD.35, whose
outer tag is the very same as a transfer batch's). The batch's own count of events must be true. A broken event is put
aside, a broken structure refuses the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from tallyward.records.decode.ber_walk import Element, Walk, integer, text
from tallyward.records.decode.cdr_lockstep import Octets
from tallyward.records.decode.issues import FieldError, Issues, RefusalError, refuse
from tallyward.records.decode.observed import Event, observed_rows
from tallyward.records.decode.tap3_event import SERVICE_OF, Batch, Fields, offset_seconds, read_event
from tallyward.records.decode.tap3_lockstep import gprs_calls
from tallyward.records.decode.tap3_tags import Tag, name_of

MOST_BYTES: Final = 64 << 20
_PART: Final = 16_384
"""Events that are read together: their octets stay in the processor's cache."""
_FEW: Final = 32
"""Of fewer GPRS calls in a part each is read by itself: that is as fast."""
_VERSION: Final = 3
_RELEASES: Final = range(9, 13)
"""3.9 to 3.12 differ in fields that are not read here."""

_PARTS: Final = {
    Tag.BatchControlInfo,
    Tag.AccountingInfo,
    Tag.NetworkInfo,
    Tag.MessageDescriptionInfoList,
    Tag.CallEventDetailList,
    Tag.AuditControlInfo,
}
_OTHERS: Final[dict[int, str]] = {
    Tag.Notification: "records.tap_notification",
    Tag.ReturnBatch: "records.tap_rap",
    Tag.Acknowledgement: "records.tap_rap",
}


class Part(NamedTuple):
    """Observed rows of some events; `end` is the place in the file after them."""

    rows: pa.Table
    end: int


def read_tap3(data: bytes, networks: Mapping[str, str], issues: Issues) -> Iterator[Part]:
    """Observed rows of a transfer batch; adds events put aside to `issues`, counted from 1.

    `networks` maps TADIG codes to MCC and MNC digits. Raises `RefusalError` for anything but a whole transfer batch.
    Rows that were given before a refusal are void.
    """
    walk = Walk(data)
    parts = _parts(walk)
    batch = _batch(walk, parts, networks)
    octets = Octets(data)
    count, end, events = 0, 0, list[Element]()
    for event in walk.children(parts[Tag.CallEventDetailList], 1):
        end = event.after
        events.append(event)
        if len(events) == _PART:
            yield Part(_rows(walk, octets, events, batch, count, issues), end)
            count, events = count + len(events), []
    rows = _rows(walk, octets, events, batch, count, issues)
    _check_count(walk, parts[Tag.AuditControlInfo], count + len(events))
    yield Part(rows, end)


def _rows(walk: Walk, octets: Octets, events: list[Element], batch: Batch, before: int, issues: Issues) -> pa.Table:
    """Observed rows of some events, `before` which others stand: GPRS calls together, the others one by one."""
    together, left = [], set(range(len(events)))
    calls = np.array(
        [at for at, event in enumerate(events) if event.tag == Tag.GprsCall and event.constructed], np.int64
    )
    if len(calls) >= _FEW:
        start, end = (np.array([getattr(events[at], end) for at in calls], np.int64) for end in ("start", "end"))
        part = gprs_calls(octets, start, end, batch)
        together.append(part.table)
        left -= set(calls[part.sure].tolist())
    found: list[Event] = []
    for at in sorted(left):
        event = events[at]
        try:
            found.append(_event(walk, event, batch))
        except FieldError as error:
            sample = walk.data[event.at : event.after]
            issues.add(error.issue(before + at + 1, sample, "TransferBatch/CallEventDetailList/"))
    return pa.concat_tables([*together, observed_rows(found)])


def _parts(walk: Walk) -> dict[int, Element]:
    outer = walk.element(0, len(walk.data))
    if outer.tag != Tag.TransferBatch:
        code = _OTHERS.get(outer.tag, "records.tap_other")
        raise refuse(code, offset=0, tag_path=name_of(outer.tag), sample=walk.data)
    if outer.after != len(walk.data):
        raise refuse("records.tap_trailing", offset=outer.after, sample=walk.data[outer.after :])
    parts: dict[int, Element] = {}
    for part in walk.children(outer, 0):
        if part.tag == Tag.SpecificationVersionNumber:
            raise refuse("records.tap_nrtrde", offset=part.at, tag_path="Nrtrde", sample=walk.data)
        if part.tag not in _PARTS or part.tag in parts or not part.constructed:
            raise _structure(part, name_of(part.tag))
        parts[part.tag] = part
    for wanted in (Tag.BatchControlInfo, Tag.NetworkInfo, Tag.CallEventDetailList, Tag.AuditControlInfo):
        if wanted not in parts:
            raise _structure(outer, wanted.name)
    return parts


def _structure(at: Element, detail: str) -> RefusalError:
    return refuse("records.tap_structure", offset=at.at, tag_path="TransferBatch", field=detail, detail=detail)


def _batch(walk: Walk, parts: dict[int, Element], networks: Mapping[str, str]) -> Batch:
    control = {child.tag: child for child in walk.children(parts[Tag.BatchControlInfo], 1)}
    version, release = (
        _number(walk, control, tag) for tag in (Tag.SpecificationVersionNumber, Tag.ReleaseVersionNumber)
    )
    if version != _VERSION or release not in _RELEASES:
        raise refuse(
            "records.tap_version",
            offset=parts[Tag.BatchControlInfo].at,
            tag_path="TransferBatch/BatchControlInfo/ReleaseVersionNumber",
            detail=f"{version}.{release}",
        )
    if Tag.FileTypeIndicator in control and text(walk.data, control[Tag.FileTypeIndicator]) == "T":
        raise refuse("records.tap_test_file", offset=control[Tag.FileTypeIndicator].at)
    sender = (text(walk.data, control[Tag.Sender]) if Tag.Sender in control else None) or ""
    digits = networks.get(sender, "")
    return Batch(sender, f"{digits[:3]}-{digits[3:]}" if digits else "", _offsets(walk, parts[Tag.NetworkInfo]))


def _number(walk: Walk, among: dict[int, Element], tag: Tag) -> int | None:
    return integer(walk.data, among[tag]) if tag in among else None


def _offsets(walk: Walk, network: Element) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in walk.children(network, 1):
        if part.tag != Tag.UtcTimeOffsetInfoList or not part.constructed:
            continue
        for entry in walk.children(part, 2):
            inside = {child.tag: child for child in walk.children(entry, 3)} if entry.constructed else {}
            code = _number(walk, inside, Tag.UtcTimeOffsetCode)
            said = text(walk.data, inside[Tag.UtcTimeOffset]) if Tag.UtcTimeOffset in inside else None
            seconds = offset_seconds(said or "")
            if code is None or seconds is None:
                raise refuse(
                    "records.tap_offset_table",
                    offset=entry.at,
                    tag_path="TransferBatch/NetworkInfo/UtcTimeOffsetInfoList/UtcTimeOffsetInfo",
                    field="UtcTimeOffset",
                    detail=said or "",
                )
            found[code] = seconds
    return found


def _event(walk: Walk, event: Element, batch: Batch) -> Event:
    if event.tag not in SERVICE_OF or not event.constructed:
        raise FieldError("records.tap_event_kind", name_of(event.tag), event.at, name_of(event.tag))
    try:
        fields = Fields(walk, event, 2)
    except RefusalError as error:
        path = f"TransferBatch/CallEventDetailList/{name_of(event.tag)}"
        raise RefusalError(replace(error.issue, tag_path=path)) from None
    return read_event(fields, batch)


def _check_count(walk: Walk, audit: Element, count: int) -> None:
    """The trailer's count, where it gives one, must be true."""
    for part in walk.children(audit, 1):
        if part.tag == Tag.CallEventDetailsCount and integer(walk.data, part) != count:
            raise refuse(
                "records.tap_count",
                offset=part.at,
                tag_path="TransferBatch/AuditControlInfo/CallEventDetailsCount",
                field="CallEventDetailsCount",
                detail=f"{integer(walk.data, part)} / {count}",
            )
