from datetime import UTC, date, datetime

import numpy as np

from tallyward.detect.cards.baseline import METRICS, NAMES
from tallyward.detect.usual import ENOUGH, HOURS, Baselines, Counts, baselines

DAYS = (date(2026, 3, 1),)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def counts(values: list[int], hour: int = 0) -> Counts:
    found = Counts()
    hours = np.zeros(HOURS, np.int64)
    hours[hour] = len(values)
    found.add({name: np.array(values, np.uint64) * (at + 1) for at, name in enumerate(METRICS)}, hours)
    return found


def of(counted: dict[int, Counts], enough: int = ENOUGH) -> Baselines:
    return baselines(counted, DAYS, AT, enough)


def test_each_metric_has_its_quantiles_by_name() -> None:
    (one,) = of({4: counts([*range(1, 11)])}, enough=10).classes
    assert (one.card_class, one.card_days, one.known) == (4, 10, True)
    assert tuple(one.values) == NAMES
    assert (one.values["bytes_p50"], one.values["bytes_p95"], one.values["bytes_p999"]) == (5, 10, 10)
    assert (one.values["peers_p50"], one.values["hours_p50"]) == (10, 25)


def test_a_class_with_too_few_card_days_has_no_baseline_and_says_so() -> None:
    found = of({1: counts([1] * (ENOUGH - 1)), 2: counts([1] * ENOUGH)})
    assert [(one.card_class, one.card_days, one.known) for one in found.classes] == [(1, 999, False), (2, 1000, True)]
    assert found.by_name["peers_p999"] == {2: 2}
    assert found.card_days == 1999


def test_merged_counts_are_those_of_the_whole() -> None:
    merged = counts([1, 2, 3], hour=4)
    merged.merge(counts([500, 2], hour=23))
    assert of({1: merged}, 1).classes[0].values == of({1: counts([1, 2, 3, 500, 2])}, 1).classes[0].values
    assert merged.hours.tolist() == [0] * 4 + [3] + [0] * 18 + [2]


def test_shares_of_hours_add_up_to_one() -> None:
    merged = counts([1, 2, 3], hour=4)
    merged.merge(counts([500], hour=23))
    (one,) = of({1: merged}).classes
    assert (one.shares[4], one.shares[23], sum(one.shares)) == (0.75, 0.25, 1)
    assert sum(of({1: Counts()}).classes[0].shares) == 0
