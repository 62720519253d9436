"""Records of cards that no registry holds, seen by IMSI, MSISDN or ICCID."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.records.schema import SubscriberTag
from tallyward.simulate.cells import TOWN_SIZE
from tallyward.simulate.columns import DATA, Records
from tallyward.simulate.draws import I64, part
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.group_lists import open_peers
from tallyward.simulate.numbering import iccids, imsis, msisdns, unlisted_imeis
from tallyward.simulate.roles import Scene

SHARE: Final = 100
"""For 100,000 cards of the fleet, how many cards that nobody registered are seen; never fewer than `LEAST`."""
LEAST: Final = 5

TAG_NAMES: Final = {SubscriberTag.IMSI: "imsi", SubscriberTag.MSISDN: "msisdn", SubscriberTag.ICCID: "iccid"}
"""Kinds of subject, as findings name them."""

_FIRST: Final = 700_000_000  # card numbers from here on belong to no fleet
_DEVICES: Final = 6_000_000_000
_RECORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Strangers:
    """Unknown cards: `number` names each, `tag` tells by which of its numbers the network saw it."""

    number: I64
    tag: I64
    records: Records

    def __len__(self) -> int:
        """How many unknown cards."""
        return len(self.number)

    def digits(self) -> I64:
        """IMSI or MSISDN of each; those seen by ICCID have letters and give 0."""
        by_imsi = self.tag == SubscriberTag.IMSI
        return np.where(
            by_imsi, imsis(self.number), np.where(self.tag == SubscriberTag.MSISDN, msisdns(self.number), 0)
        )

    def texts(self) -> list[str]:
        """The number that each was seen with."""
        printed = iccids(self.number)
        return [str(digits) if digits else printed[at] for at, digits in enumerate(self.digits().tolist())]


def make_strangers(fleet: Fleet) -> Strangers:
    """The unknown cards that are seen on the fleet's day."""
    count = max(LEAST, fleet.cards * SHARE // 100_000)
    order = np.arange(count, dtype=np.int64)
    tags = np.array([SubscriberTag.IMSI, SubscriberTag.MSISDN, SubscriberTag.IMSI, SubscriberTag.ICCID], dtype=np.int64)
    tag = tags[order % (4 if fleet.names else 3)]
    return Strangers(_FIRST + order, tag, _records(count, fleet.scene))


def _records(count: int, scene: Scene) -> Records:
    card = np.repeat(np.arange(count, dtype=np.int64), _RECORDS)
    step = np.arange(len(card), dtype=np.int64) % _RECORDS
    bits = scene.draws.bits("stranger", card * _RECORDS + step)
    cells = scene.cells
    cell = part(bits, 0, 20) % (34 * cells.towns) * TOWN_SIZE + step
    volume = 100 + part(bits, 24, 16)
    zeros = np.zeros(len(card), dtype=np.int64)
    return Records(
        first=np.arange(count, dtype=np.int64) * _RECORDS,
        card=card,
        step=step,
        service=zeros + DATA,
        time=scene.start + part(bits, 40, 20) % SECONDS_PER_DAY,
        duration=10 + step,
        imei=unlisted_imeis(_DEVICES + card),
        peer=open_peers(card * 17, step),
        up=volume // 2,
        down=volume - volume // 2,
        cell=cell,
        plmn=cells.plmn[cell],
        rat=zeros + 6,
    )
