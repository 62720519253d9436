"""Typed ids: an integer of one kind can't be handed over where another kind is meant."""

from typing import NewType

EnterpriseId = NewType("EnterpriseId", int)
TerminalId = NewType("TerminalId", int)
CardId = NewType("CardId", int)
"""Dense, from 1, below 2**32: also the key of the card in usage records. 0 means an unknown card."""
GroupListId = NewType("GroupListId", int)
AreaId = NewType("AreaId", int)
"""Dense, from 1, below 2**16. 0 means an unknown area."""
CellId = NewType("CellId", int)
"""Dense, from 1, below 2**32, allotted in spatial order. 0 means that the record names no cell."""
UserId = NewType("UserId", int)
IncidentId = NewType("IncidentId", int)
SourceId = NewType("SourceId", int)
SegmentId = NewType("SegmentId", int)
RuleId = NewType("RuleId", str)

UNKNOWN_CARD = CardId(0)
