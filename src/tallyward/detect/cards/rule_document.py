"""docs/rules.md: the shipped rules and the language they are written in, told from the code itself. Pure."""

from collections.abc import Iterable, Iterator

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.unknown import BUILT_IN
from tallyward.detect.cards.vocabulary import (
    AGGREGATES,
    LIMIT_BITS,
    PREDICATES,
    PROFILE_COLUMNS,
    RECORD_COLUMNS,
    WORDS,
    Column,
)
from tallyward.kernel.catalogue import words

_HEAD = """# Card rules

A rule is one YAML file. `any_of` lists the ways to break it; each is a SQL condition:

- `record`: true of one usage record. The card breaks the rule if it has at least one such record that day.
- `card`: true of the card's day as a whole, with aggregates over its records.
- `across`: counts cards by another value, over all cards (`by: imei`, `count_distinct: card_id`, `at_least`: a limit).

Conditions know `AND OR NOT`, comparisons, `IN` lists, `BETWEEN`, `+ - *`, and the names below; nothing else is
accepted. Columns of a record and of its card may be mixed. Limits come from the card, else its class, else what is
usual of its class where the rule asks for it, else the rule's `limits`. Where a value is absent (IMEI, cell, home
area ...) a comparison says nothing, unless `missing: fire` is set. `why` and `normal` are told to people, in both
languages. `tests` hold a card's day and whether it is a hit; a rule without tests does not load. To check:
`tallyward rules --check --rules FOLDER`."""

_TRYING = """## Trying a rule

Before a rule is in force, run it over the records that are stored: no incident is opened, no scan is logged. Say a
card should not reach more than five peers, and `peers.yaml` holds:

```yaml
id: P1
severity: low
title: {en: Many peers, zh-CN: 通信对象较多}
description: {en: A card reached more peers in a day than expected., zh-CN: 物联网卡当日的通信对象多于预期。}
limits: {expected_peers: 5}
any_of:
  - name: peers
    card: "count_distinct(peer) > expected_peers"
    observed: count_distinct(peer)
    limit: expected_peers
    why: {en: "{observed} peers; {limit} are expected.", zh-CN: "通信对象 {observed} 个，预期为 {limit} 个。"}
    normal: {en: "At most {limit} peers a day.", zh-CN: "每日通信对象不超过 {limit} 个。"}
tests:
  - {name: six, records: [{peer: 1}, {peer: 2}, {peer: 3}, {peer: 4}, {peer: 5}, {peer: 6}], hit: true}
  - {name: one peer often, records: [{peer: 1}, {peer: 1}, {peer: 1}, {peer: 1}, {peer: 1}, {peer: 1}], hit: false}
```

```sh
tallyward rules --check --rules peers.yaml                            # is it well-formed, does it pass its tests
tallyward rules test peers.yaml --since 2026-03-01 --until 2026-03-02 # what it would have found
tallyward rules diff R6 peers.yaml                                    # how it differs from a loaded rule
```

`rules test` tells cards and enterprises, findings of each UTC day, the first cards with what was observed and their
records, the cards that could not be judged, and the cost. Days are judged with today's profiles and lists. A rule with
the id of a loaded one is compared with it: cards that only the new text finds (+), or only the loaded one (-).
`rules diff` ends with exit code 1 where the two find different things, 0 where only sentences or tests differ."""


_USUAL = """## Limits by what is usual of a class

`tallyward rules baselines compute` counts what each card did on the last seven complete UTC days (or `--since`,
`--until`), by card class: `bytes` up and down, different `peers` and `cells`, `records`, and `hours` with a record.
Each has `p50`, `p95`, `p99` and `p999`: the value that 50, 95, 99 and 99.9 % of card-days do not pass. Values up to
255 are exact; larger ones are told at most 0.8 % too large, never too small. `serve` computes them anew once a day,
when a day has been traversed (`TALLYWARD_BASELINES=false` switches that off); `tallyward rules baselines show` and the
rules page tell them. Where the newest can't be read, the last good ones stay in force; log, metrics
(`tallyward_baselines_damaged`), `/api/v1/health` and the rules page say so. A rule takes a limit from them by name:

```yaml
id: P2
severity: low
title: {en: More peers than its class, zh-CN: 通信对象多于同类}
description: {en: A card reached far more peers than cards of its class do., zh-CN: 物联网卡的通信对象远多于同类卡。}
limits:
  max_peers: {baseline: peers_p999, times: 2, at_least: 8, else: 64}
any_of:
  - name: peers
    card: "count_distinct(peer) > max_peers"
    observed: count_distinct(peer)
    limit: max_peers
    why: {en: "{observed} peers; the limit is {limit} ({origin}).", zh-CN: "{observed} 个，上限 {limit}（{origin}）。"}
    normal: {en: "At most {limit} peers a day.", zh-CN: "每日通信对象不超过 {limit} 个。"}
tests:
  - {name: three for two, profile: {max_peers: 2}, records: [{peer: 1}, {peer: 2}, {peer: 3}], hit: true}
  - {name: few, records: [{peer: 1}, {peer: 2}, {peer: 3}], hit: false}
```

The card's own limit goes first, then its class's, then twice the baseline of its class (rounded up, at least 8), then
64. A class with fewer than 1,000 card-days has no baseline: its cards are judged by `else`, and so are all cards in a
rule's own tests and before baselines were computed. `times` is 1 and `at_least` is 0 where they are left out. A limit
of `across` is always a number. `active_hours() > usual_hours` asks for hours; the share of records by hour is for
people. A day that was traversed is not judged anew by itself when baselines change. The shipped rules use no
baseline: try a rule with `rules test` before it is in force."""

_PROMOTING = """## Promoting a rule

```sh
tallyward rules promote peers.yaml --note "first month"   # in use from now on; the text is kept as a version
tallyward rules versions P1                               # number, version, author, time, note
tallyward rules diff P1@1 P1@2                            # two kept versions, by number or by name
tallyward rules diff P1@1                                 # a kept version, and what is in use now
tallyward rules rollback P1 --to 1                        # a number or a version; 0 is the text of the rule files
tallyward rules retire P1                                 # out of use; can be rolled back to
```

The shipped rules, or those of `--rules`, are the base; kept versions are laid over them by id. A text must hold one
rule that passes its own tests, at most 64 KiB. Nothing is ever overwritten: rolling back is a new version. `scan`
uses the rules of now; a running server judges yesterday and today anew within seconds, older days stay as they were
judged. Rules hold for every card, so only people of the platform change them, or those of the operator where there
is only one.

## Whitelist

```sh
tallyward rules whitelist add --rule R5 --card 8986... --reason "moved by the fitter" --until 2026-06-30
tallyward rules whitelist list
tallyward rules whitelist remove 1
```

While an entry is valid, findings of its rule (`--every-rule`: of all) on its cards (`--card`, `--enterprise`,
`--card-class`) open no incident, and change none that is open. They are counted: `scan` and the situation page tell
how many. An entry ends by itself, after 366 days at the latest, and stays listed. An operator's entries speak of
cards it issued only."""


def rules_table() -> str:
    """The whole document as Markdown."""
    rules = RuleBook.load().rules
    parts = [
        _HEAD,
        "\n".join(_names()),
        _TRYING,
        _USUAL,
        _PROMOTING,
        "## The shipped rules",
        *(_told(rule) for rule in rules),
        _built_in(),
    ]
    return "\n\n".join(parts) + "\n"


def _names() -> Iterator[str]:
    yield "| names | meaning |\n|---|---|"
    yield f"| {_codes(RECORD_COLUMNS)} | of a record (`records/schema.py`) |"
    yield f"| {_codes(_kept(PROFILE_COLUMNS.values()))} | of the card's profile (`registry/profile_schema.py`) |"
    yield f"| {_codes(LIMIT_BITS)} | limits that cards and classes carry; a rule may add its own |"
    yield f"| {_codes(PREDICATES)} | `absent(imei)`, `fraud_prone(area)`, `on_list(data_list, peer)` |"
    yield (
        f"| {_codes(AGGREGATES)} | over the card's records of the day; `month_sum` since the first of the month;"
        " `peak_sum(up + dn, 3)`: the most that 3 clock hours in a row of the day add up to, a sliding window;"
        " `active_hours()`: in how many clock hours it has a record |"
    )
    for kind, known in WORDS.items():
        yield f"| {_codes(repr(word) for word in known)} | the values of a {kind.value} |"


def _kept(columns: Iterable[Column]) -> list[str]:
    return [column.name for column in columns]


def _codes(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _told(rule: Rule) -> str:
    lines = [
        f"### {rule.id} {rule.title['en']} · {rule.title['zh-CN']}",
        "",
        f"{rule.description['en']}  ",
        rule.description["zh-CN"],
        "",
        f"Severity {rule.severity}; {len(rule.trials)} tests; source: {rule.reference or 'own'}.",
    ]
    if rule.limits:
        lines[-1] += " Limits: " + ", ".join(f"`{name}` {value}" for name, value in rule.limit_texts.items()) + "."
    lines += ["", "| way | condition | observed against |", "|---|---|---|"]
    for fault, condition in zip(rule.faults, rule.conditions, strict=True):
        limit = fault.limit.name if fault.limit else fault.origin.value
        lines.append(f"| {fault.name} | `{condition.replace('|', chr(92) + '|')}` | {limit} |")
    return "\n".join(lines)


def _built_in() -> str:
    lines = ["### R0 What no rule file says", "", "| rule | severity | finds |", "|---|---|---|"]
    for rule in BUILT_IN:
        told = " · ".join(words(language, f"detect.rule.{rule.name}.description") for language in ("en", "zh-CN"))
        lines.append(f"| {rule.id} | {rule.severity} | {told} |")
    return "\n".join(lines)
