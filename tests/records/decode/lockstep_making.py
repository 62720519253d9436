"""Records walked together, as the modules behind `cdr_lockstep` want them."""

import numpy as np

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_kinds import Kind
from tallyward.records.decode.cdr_lockstep import Octets, tag_table, walk_together
from tallyward.records.decode.cdr_values import Values


def values_of(kind: Kind, records: list[bytes]) -> Values:
    data = b"".join(records)
    walk, at, spans = Walk(data), 0, []
    while at < len(data):
        element = walk.element(at, len(data))
        spans.append((element.start, element.end))
        at = element.after
    octets = Octets(data)
    start, end = np.array(spans, np.int64).T
    return Values(octets, walk_together(octets, start, end, tag_table(kind.fields())))
