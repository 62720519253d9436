"""Fields of many records turned into observed columns, whole columns at a time. Pure.

`cdr_values`, `cdr_places` and `cdr_parties` read the fields; here they become rows. Only records in which all fields
have their usual form are given.
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from tallyward.records.decode.cdr_kinds import Field, Kind
from tallyward.records.decode.cdr_lockstep import Found, Mask, Octets
from tallyward.records.decode.cdr_parties import peers, services
from tallyward.records.decode.cdr_places import places
from tallyward.records.decode.cdr_values import Values
from tallyward.records.decode.imei import with_check_digit
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.schema import Quality

_U32: Final = 0xFFFFFFFF
_MOST_RAT: Final = 255


class Rows(NamedTuple):
    """Observed rows of the records that are `sure`, in their order; the others are for `cdr_record`."""

    table: pa.Table
    sure: Mask


def observed_columns(octets: Octets, kind: Kind, found: Found) -> Rows:
    """Read the fields that `walk_together` has found in records of one kind."""
    read = Values(octets, found)
    up, down = read.volumes()
    duration, rat = read.number(Field.DURATION), read.number(Field.RAT)
    plmn, cells = places(read)
    service = services(read, kind)
    peer, words = peers(read, service)
    imsi, msisdn = read.digits(Field.IMSI, 6), read.digits(Field.MSISDN, 7, skip=1)
    read.sure &= ((imsi > 0) | (msisdn > 0)) & (read.number(Field.TYPE) == kind.record_type) & (rat <= _MOST_RAT)
    read.sure &= found.start[Field.TYPE] > 0
    over = (up > _U32) | (down > _U32) | (duration > _U32)
    columns = {
        "imsi": imsi,
        "msisdn": msisdn,
        "iccid": pa.nulls(len(imsi), pa.string()).dictionary_encode(),
        "ts": read.times().astype(np.uint32),
        "dur": np.minimum(duration, _U32).astype(np.uint32),
        "svc": service,
        "imei": with_check_digit(read.imei_bodies()),
        "peer": peer,
        "peer_word": words,
        "up": np.minimum(up, _U32).astype(np.uint32),
        "dn": np.minimum(down, _U32).astype(np.uint32),
        "cell": cells,
        "plmn": plmn,
        "rat": rat.astype(np.uint8),
        "quality": np.where(over, np.uint16(Quality.SATURATED), np.uint16(0)),
    }
    table = pa.table([columns[field.name] for field in OBSERVED], schema=OBSERVED)
    if not read.sure.all():
        table = table.filter(pa.array(read.sure))
    return Rows(table, read.sure)
