/**
 * What happened in the made-up fleet: incidents, one card's day, the situation.
 * @typedef {import("../src/api/schema").components["schemas"]} Schemas
 */
import { ago, areas, cards, DAY, PEERS, pick, rules, sources, STATES } from "./rows.mjs";

export * from "./rows.mjs";

/** @type {Schemas["IncidentDetail"][]} */
export const incidents = Array.from({ length: 73 }, (_, n) => incident(n + 1, 3 + n * 11)).reverse();

/** @param {number} id @param {number} minutes @returns {Schemas["IncidentDetail"]} */
export function incident(id, minutes) {
  const rule = pick(rules, id * 5);
  const card = pick(cards, id * 4);
  const unknown = rule.id.startsWith("R0");
  const state = minutes < 10 ? "open" : pick(STATES, id * 3);
  const at = ago(minutes);
  return {
    id,
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    state,
    day: DAY,
    subject: unknown
      ? {
          kind: rule.id === "R0.unknown_cell" ? "cell" : "imsi",
          number: rule.id === "R0.unknown_cell" ? "460-0-9374-17001" : "460079999123456",
        }
      : { kind: "card", number: String(card.id) },
    card: unknown ? null : { id: card.id, iccid: card.iccid, msisdn: card.msisdn },
    holder: unknown ? null : card.holder,
    records: 3 + (id % 40),
    first_at: ago(minutes + 90),
    last_at: at,
    opened_at: at,
    changed_at: at,
    assignee: state === "acknowledged" ? "lin" : null,
    rule_version: rule.version,
    explanation: {
      en: {
        why: `The card reached 14 peers that are not on its group list “meter-peers”, the first of them 203.0.113.9 at 04:12 UTC.`,
        normal: "Every peer of the card is on “meter-peers”, or the operator opens the card's data function.",
      },
      "zh-CN": {
        why: "该卡与定向名单“meter-peers”之外的 14 个对象通信，最早为 04:12（UTC）的 203.0.113.9。",
        normal: "该卡的通信对象均在“meter-peers”之内，或由电信企业放开其数据功能。",
      },
    },
    measures: [
      { name: "off_list_peers", observed: "14", limit: "0", origin: "list" },
      { name: "count_distinct(peer)", observed: "21", limit: "12", origin: "class" },
    ],
    evidence: Array.from({ length: 5 }, (_, row) => ({
      at: ago(minutes + 90 - row * 13),
      service: row === 3 ? "voice" : "data",
      duration_s: row === 3 ? 184 : 42,
      bytes_up: 18_400 * (row + 1),
      bytes_down: 1_240_000 * (row + 1),
      peer: pick(PEERS, row),
      imei: row === 2 ? null : "356938035643809",
      cell: "460-0-9374-17001",
      area: pick(areas, id + row).code,
      segment: 12,
      row: 4000 + row,
    })),
    history: history(id, at, state),
    allowed_events: allowed(state),
  };
}

/** @param {number} id @param {string} at @param {Schemas["State"]} state @returns {Schemas["HistoryEntry"][]} */
function history(id, at, state) {
  /** @type {Schemas["HistoryEntry"][]} */
  const found = [
    { id: id * 10, at, actor: "platform", kind: "opened", event: null, before: null, after: "open", text: null },
  ];
  found.push({
    id: id * 10 + 1,
    at,
    actor: "platform",
    kind: "grown",
    event: null,
    before: "3",
    after: "11",
    text: null,
  });
  if (state === "acknowledged") {
    found.push({
      id: id * 10 + 2,
      at,
      actor: "lin",
      kind: "state",
      event: "acknowledge",
      before: "open",
      after: "acknowledged",
      text: null,
    });
    found.push({
      id: id * 10 + 3,
      at,
      actor: "lin",
      kind: "comment",
      event: null,
      before: null,
      after: null,
      text: "Asked the holder which server 203.0.113.9 is.",
    });
  }
  return found;
}

/** @param {Schemas["State"]} state @returns {Schemas["AllowedEvent"][]} */
export function allowed(state) {
  /** @type {Schemas["AllowedEvent"][]} */
  const closing = [
    { event: "contain", to: "contained", reason_required: false },
    { event: "resolve", to: "resolved", reason_required: false },
    { event: "mark_false_positive", to: "false_positive", reason_required: true },
  ];
  if (state === "open") return [{ event: "acknowledge", to: "acknowledged", reason_required: false }, ...closing];
  if (state === "acknowledged") return closing;
  if (state === "contained") return closing.slice(1);
  return [{ event: "reopen", to: "open", reason_required: false }];
}

/** A queue's row of an incident. @param {Schemas["IncidentDetail"]} detail @returns {Schemas["IncidentRow"]} */
export function row(detail) {
  const {
    rule_version: _version,
    explanation: _why,
    measures: _m,
    evidence: _e,
    history: _h,
    allowed_events: _a,
    ...rest
  } = detail;
  return rest;
}

/** @param {number} id @returns {Schemas["CardDetail"] | undefined} */
export function cardDetail(id) {
  const card = cards.find((one) => one.id === id);
  if (card === undefined) return undefined;
  return {
    ...card,
    limits: [
      { name: "month_bytes", value: 30_000_000, origin: "class" },
      { name: "day_bytes", value: 2_000_000, origin: "card" },
      { name: "max_peers", value: 12, origin: "class" },
      { name: "max_cells", value: card.fixed ? 4 : null, origin: card.fixed ? "class" : null },
      { name: "max_imeis", value: null, origin: null },
    ],
    functions: [
      {
        service: "data",
        mode: "directed",
        list: { code: "meter-peers", entries: 42, first: ["10.20.0.0/16", "203.0.113.0/28", "iot.example"] },
        used_today: 31,
      },
      { service: "sms", mode: "open", list: null, used_today: 4 },
      { service: "voice", mode: "none", list: null, used_today: id % 4 === 1 ? 2 : 0 },
    ],
    effective_cadence: "live",
    bindings: [
      {
        terminal: { id: 4, serial: "HW-0040039", imei: "356938035643803", vendor: "Northmeter", model: "NM-200" },
        since: "2024-03-02T09:00:00Z",
        until: "2026-06-18T02:30:00Z",
        reason: "import",
      },
      {
        terminal: { id: 7, serial: "HW-0040078", imei: "356938035643806", vendor: "Northmeter", model: "NM-200" },
        since: "2026-06-18T02:30:00Z",
        until: null,
        reason: "import",
      },
    ],
    incidents: incidents
      .filter((one) => one.card?.id === id)
      .slice(0, 50)
      .map(row),
    usage: {
      day: DAY,
      records: 37,
      bytes: 2_310_442,
      peers: 21,
      cells: 2,
      imeis: 1,
      by_hour: Array.from({ length: 24 }, (_, hour) => (hour * 5) % 7),
      complete: true,
    },
  };
}

/** @returns {Schemas["Situation"]} */
export function situation() {
  const open = incidents.filter((one) => !["resolved", "false_positive"].includes(one.state));
  return {
    day: DAY,
    cards: { total: 20_000, real_name: { active: 18_322, requested: 914, suspended: 402, none: 362 } },
    terminals: { total: 5_000, by_access: { "nb-iot": 2_103, "4g": 1_510, "5g": 420, emtc: 610, wired: 357 } },
    incidents: {
      open: open.length,
      total: incidents.length,
      by_state: {},
      by_rule: rules.map((rule) => ({
        rule: rule.id,
        title: rule.title,
        severity: rule.severity,
        open: open.filter((one) => one.rule === rule.id).length,
        total: incidents.filter((one) => one.rule === rule.id).length,
      })),
    },
    records: {
      total: 230_893,
      by_hour: Array.from({ length: 24 }, (_, hour) =>
        Math.round(9_600 + 6_000 * Math.sin((hour - 6) / 3.8) + ((hour * 977) % 900)),
      ),
    },
    areas: areas.map((area, n) => ({
      code: area.code,
      title: area.title,
      fraud_prone: area.fraud_prone,
      cards: area.fraud_prone || n > 33 ? 0 : 20 + ((n * 613) % 1900),
      incidents: n % 3 === 0 ? 0 : (n * 5) % 17,
    })),
    sources,
    coverage: {
      day: DAY,
      cards_expected: 20_000,
      cards_read: 20_000,
      cards_unknown: 4,
      records_in: 230_909,
      records_used: 230_893,
      records_refused: 16,
      whitelisted: 0,
      at: ago(1),
      complete: true,
    },
  };
}
