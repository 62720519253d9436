"""Entries of the whitelist as answers."""

from datetime import datetime

from tallyward.console.look_up import LookUp
from tallyward.console.views.whitelist import WhitelistRow
from tallyward.detect.whitelist import Entry


def whitelist_row(look_up: LookUp, entry: Entry, now: datetime) -> WhitelistRow:
    """One entry as it stands at `now`."""
    return WhitelistRow(
        id=entry.id,
        rule=entry.rule,
        rule_title=None if entry.rule is None else look_up.rule_title(entry.rule),
        reach=entry.reach,
        target=entry.target,
        name=entry.name,
        holder=None if entry.holder is None else look_up.enterprise(entry.holder),
        operator=None if entry.operator is None else look_up.enterprise(entry.operator),
        reason=entry.reason,
        author=entry.author,
        since=entry.since,
        until=entry.until,
        standing=entry.standing(now),
        removed_at=entry.removed.at if entry.removed else None,
        removed_by=entry.removed.by if entry.removed else None,
    )
