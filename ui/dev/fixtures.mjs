/**
 * A small made-up fleet for looking at pages without a server. Shapes are checked against the API document.
 * @typedef {import("../src/api/schema").components["schemas"]} Schemas
 */

const AREAS = /** @type {const} */ ([
  ["CN-11", "Beijing", "北京"],
  ["CN-12", "Tianjin", "天津"],
  ["CN-13", "Hebei", "河北"],
  ["CN-14", "Shanxi", "山西"],
  ["CN-15", "Inner Mongolia", "内蒙古"],
  ["CN-21", "Liaoning", "辽宁"],
  ["CN-22", "Jilin", "吉林"],
  ["CN-23", "Heilongjiang", "黑龙江"],
  ["CN-31", "Shanghai", "上海"],
  ["CN-32", "Jiangsu", "江苏"],
  ["CN-33", "Zhejiang", "浙江"],
  ["CN-34", "Anhui", "安徽"],
  ["CN-35", "Fujian", "福建"],
  ["CN-36", "Jiangxi", "江西"],
  ["CN-37", "Shandong", "山东"],
  ["CN-41", "Henan", "河南"],
  ["CN-42", "Hubei", "湖北"],
  ["CN-43", "Hunan", "湖南"],
  ["CN-44", "Guangdong", "广东"],
  ["CN-45", "Guangxi", "广西"],
  ["CN-46", "Hainan", "海南"],
  ["CN-50", "Chongqing", "重庆"],
  ["CN-51", "Sichuan", "四川"],
  ["CN-52", "Guizhou", "贵州"],
  ["CN-53", "Yunnan", "云南"],
  ["CN-54", "Tibet", "西藏"],
  ["CN-61", "Shaanxi", "陕西"],
  ["CN-62", "Gansu", "甘肃"],
  ["CN-63", "Qinghai", "青海"],
  ["CN-64", "Ningxia", "宁夏"],
  ["CN-65", "Xinjiang", "新疆"],
  ["CN-71", "Taiwan", "台湾"],
  ["CN-81", "Hong Kong", "香港"],
  ["CN-82", "Macao", "澳门"],
  ["WATCH-A", "Border zone A", "境外重点关注区甲"],
  ["JP", "Japan, network 440-10", "日本网络 440-10"],
]);

const RULES = /** @type {const} */ ([
  ["R1", "high", "Service the card does not have", "使用未开通的业务", "svc = 2", "record"],
  [
    "R2",
    "high",
    "Peer outside the directed list",
    "与定向名单外通信",
    "directed = 1 AND NOT on_list(group_id, peer)",
    "record",
  ],
  [
    "R3",
    "high",
    "Roaming into a fraud-prone area",
    "漫游至诈骗高发地区",
    "in_set(area, fraud) AND area <> home_area",
    "record",
  ],
  ["R4", "high", "Card separated from its terminal", "机卡分离", "imei <> imei_bound", "record"],
  [
    "R5",
    "medium",
    "Fixed card that moves",
    "固定位置卡发生移动",
    "count_distinct(cell) > max_cells OR span_km(cell) > 50",
    "card",
  ],
  [
    "R6",
    "medium",
    "Volume or fan-out over the limit",
    "流量或通信对象超限",
    "sum(up + dn) > day_bytes OR count_distinct(peer) > max_peers",
    "card",
  ],
  ["R7", "high", "Use before real-name activation", "实名未激活即使用", "rn_active = 0", "limit"],
  ["R0.unknown_card", "medium", "Number unknown to the registry", "未登记的号码", "card_id = 0", "record"],
  ["R0.unknown_cell", "low", "Cell unknown to the registry", "未登记的小区", "cell = 0", "record"],
]);

const OPERATOR = { id: 1, code: "OP-1", name: "Example Mobile 示例移动" };
const HOLDERS = [
  { id: 11, code: "EN-11", name: "Harbour Water 港湾水务" },
  { id: 12, code: "EN-12", name: "Fleet Tracks 路迹物流" },
  { id: 13, code: "EN-13", name: "City Light 城市照明" },
];
const CLASSES = [
  { id: 1, code: "meter", title: { en: "Smart meter", "zh-CN": "智能表计" } },
  { id: 2, code: "vehicle", title: { en: "Vehicle", "zh-CN": "车联网" } },
  { id: 3, code: "camera", title: { en: "Camera", "zh-CN": "视频监控" } },
];
const STATES = /** @type {const} */ ([
  "open",
  "open",
  "open",
  "acknowledged",
  "contained",
  "resolved",
  "false_positive",
]);
const REAL_NAME = ["active", "active", "active", "requested", "suspended", "none"];
const PEERS = ["203.0.113.9", "198.51.100.77", "10.20.0.14", "8613800001234", "iot.example"];

export const DAY = new Date().toISOString().slice(0, 10);
const NOW = Date.now();

/** @param {number} minutes */
const ago = (minutes) => new Date(NOW - minutes * 60_000).toISOString();

/** @template T @param {readonly T[]} from @param {number} n @returns {T} */
const pick = (from, n) => /** @type {T} */ (from[n % from.length]);

/** @param {number} n @param {number} width */
const digits = (n, width) => String(n).padStart(width, "0");

/** @type {Schemas["AreaRow"][]} */
export const areas = AREAS.map(([code, en, zh], n) => ({
  id: n + 1,
  code,
  title: { en, "zh-CN": zh },
  fraud_prone: code.startsWith("WATCH"),
}));

/** @type {Schemas["RuleRow"][]} */
export const rules = RULES.map(([id, severity, en, zh, text, kind]) => ({
  id,
  version: "3f9c1d77a0b2",
  severity,
  title: { en, "zh-CN": zh },
  description: {
    en: `${en}, as the card's own limits, its class or the rule say.`,
    "zh-CN": `${zh}：依本卡、卡类别或规则的限值判定。`,
  },
  limits: id === "R5" ? [{ name: "max_cells", value: "4" }] : [],
  conditions: [{ kind, text }],
}));

/** @type {Schemas["CardRow"][]} */
export const cards = Array.from({ length: 130 }, (_, n) => ({
  id: n + 1,
  iccid: `8986011${digits(2300000000 + n * 7919, 12)}${n % 10}`,
  imsi: `46004${digits(1000000000 + n * 104729, 10)}`,
  msisdn: n % 9 === 0 ? null : `86144${digits(10000000 + n * 1299, 8)}`,
  card_class: pick(CLASSES, n),
  holder: pick(HOLDERS, n),
  operator: OPERATOR,
  real_name: pick(REAL_NAME, n),
  fixed: n % 3 === 0,
  roaming: n % 5 === 0,
  home_area: pick(areas, n * 7),
  incidents_open: n % 4 === 0 ? 1 : 0,
}));

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

/** @type {Schemas["SourceRow"][]} */
export const sources = [
  {
    id: 1,
    name: "mediation-north",
    operator: OPERATOR,
    format: "delimited",
    last_at: ago(2),
    newest_at: ago(4),
    files: 48,
    records: 181_204,
    refused: 14,
    quarantined: 3,
  },
  {
    id: 2,
    name: "mediation-south",
    operator: OPERATOR,
    format: "delimited",
    last_at: ago(190),
    newest_at: ago(200),
    files: 41,
    records: 48_777,
    refused: 0,
    quarantined: 0,
  },
  {
    id: 3,
    name: "roaming-tap",
    operator: OPERATOR,
    format: "tap3",
    last_at: ago(3100),
    newest_at: ago(4000),
    files: 6,
    records: 912,
    refused: 2,
    quarantined: 2,
  },
];

/** @type {Schemas["QuarantineRow"][]} */
export const quarantine = Array.from({ length: 5 }, (_, n) => ({
  id: 5 - n,
  source: { id: pick(sources, n * 2).id, name: pick(sources, n * 2).name },
  intake: 40 + n,
  name: n % 2 === 0 ? `CDEXAMPLE0000${n}.tap` : `usage-2026-11-2${n}.csv.gz`,
  record_index: n % 2 === 0 ? null : 412 + n,
  offset: n % 2 === 0 ? 88 + n : null,
  tag_path: n % 2 === 0 ? "transferBatch/callEventDetails/gprsCall" : "",
  field: n % 2 === 0 ? "" : "start_time",
  reason_code: n % 2 === 0 ? "records.ber_length" : "records.time_form",
  reason:
    n % 2 === 0
      ? { en: "A length runs past the end of the file.", "zh-CN": "长度超出文件末尾。" }
      : { en: "The time is not ISO 8601 with an offset.", "zh-CN": "时间不是带时区偏移的 ISO 8601 格式。" },
  next_step:
    n % 2 === 0
      ? { en: "Ask the sender for the file again: it was cut off.", "zh-CN": "文件被截断，请发送方重新发送。" }
      : {
          en: "Give times such as 2026-11-21T04:12:00+08:00.",
          "zh-CN": "请按 2026-11-21T04:12:00+08:00 的形式给出时间。",
        },
  detail: n % 2 === 0 ? "length 70,368 at byte 91, file has 212 bytes" : "2026-11-21 04:12",
  at: ago(5 + n * 60),
  sample_hex: "618204f0a4820123b05f4700",
}));

/** @type {Schemas["TerminalRow"][]} */
export const terminals = Array.from({ length: 60 }, (_, n) => ({
  id: n + 1,
  serial: `HW-${digits(40_000 + n * 13, 7)}`,
  imei: `35693803${digits(5643800 + n, 7)}`,
  vendor: pick(["Northmeter", "Roadbox", "Clearview"], n),
  model: pick(["NM-200", "RB-7", "CV-4K"], n),
  firmware: `2.${n % 7}.1`,
  usage: pick(["consumer", "public", "production"], n),
  access: pick(["nb-iot", "4g", "5g", "emtc"], n),
  fixed: n % 3 === 0,
  holder: pick(HOLDERS, n),
}));

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

/** @returns {Schemas["CardRecordRow"][]} */
export function records() {
  return Array.from({ length: 37 }, (_, n) => ({
    at: ago(600 - n * 14),
    service: n % 9 === 8 ? "sms" : "data",
    duration_s: 20 + n * 3,
    bytes_up: 12_000 + n * 311,
    bytes_down: n === 4 ? 4_294_967_295 : 48_000 + n * 977,
    peer: pick(PEERS, n),
    imei: "356938035643806",
    cell: "460-0-9374-17001",
    area: pick(areas, 2),
    quality: n === 4 ? ["saturated"] : [],
  }));
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
      at: ago(1),
      complete: true,
    },
  };
}

/** @type {Schemas["UserRow"][]} */
export const users = [
  {
    name: "admin",
    display_name: "Administrator",
    account: {
      role: "admin",
      enterprise: null,
      language: "en",
      disabled: false,
      must_change_password: false,
      created_at: ago(9000),
      last_sign_in_at: ago(3),
    },
  },
  {
    name: "lin",
    display_name: "Lin Wei 林薇",
    account: {
      role: "analyst",
      enterprise: OPERATOR,
      language: "zh-CN",
      disabled: false,
      must_change_password: false,
      created_at: ago(8000),
      last_sign_in_at: ago(45),
    },
  },
  {
    name: "sato",
    display_name: "Sato Ken",
    account: {
      role: "fleet_owner",
      enterprise: { id: 11, code: "EN-11", name: "Harbour Water 港湾水务" },
      language: "en",
      disabled: true,
      must_change_password: true,
      created_at: ago(7000),
      last_sign_in_at: null,
    },
  },
];

export const enterprises = [OPERATOR, ...HOLDERS].map((one) => ({
  ...one,
  kind: one.id === 1 ? "operator" : "industry_user",
}));
export const cardClasses = CLASSES;
