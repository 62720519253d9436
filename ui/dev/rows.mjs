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

export const OPERATOR = { id: 1, code: "OP-1", name: "Example Mobile 示例移动" };
export const HOLDERS = [
  { id: 11, code: "EN-11", name: "Harbour Water 港湾水务" },
  { id: 12, code: "EN-12", name: "Fleet Tracks 路迹物流" },
  { id: 13, code: "EN-13", name: "City Light 城市照明" },
];
const CLASSES = [
  { id: 1, code: "meter", title: { en: "Smart meter", "zh-CN": "智能表计" } },
  { id: 2, code: "vehicle", title: { en: "Vehicle", "zh-CN": "车联网" } },
  { id: 3, code: "camera", title: { en: "Camera", "zh-CN": "视频监控" } },
];
export const STATES = /** @type {const} */ ([
  "open",
  "open",
  "open",
  "acknowledged",
  "contained",
  "resolved",
  "false_positive",
]);
const REAL_NAME = ["active", "active", "active", "requested", "suspended", "none"];
export const PEERS = ["203.0.113.9", "198.51.100.77", "10.20.0.14", "8613800001234", "iot.example"];

export const DAY = new Date().toISOString().slice(0, 10);
const NOW = Date.now();

/** @param {number} minutes */
export const ago = (minutes) => new Date(NOW - minutes * 60_000).toISOString();

/** @template T @param {readonly T[]} from @param {number} n @returns {T} */
export const pick = (from, n) => /** @type {T} */ (from[n % from.length]);

/** @param {number} n @param {number} width */
export const digits = (n, width) => String(n).padStart(width, "0");

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
  in_use: true,
  source: "files",
  number: null,
  changed_at: null,
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
  cadence: pick(["live", "live", "periodic", "daily"], n),
  incidents_open: n % 4 === 0 ? 1 : 0,
}));

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
    duplicates: 12,
    late: 3,
    out_of_order: 40,
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
    duplicates: 12,
    late: 3,
    out_of_order: 40,
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
    duplicates: 12,
    late: 3,
    out_of_order: 40,
  },
];

/** @type {Schemas["IntakeRow"][]} */
export const intakes = [
  {
    kind: "drop",
    place: "/srv/mediation/drop",
    source: "mediation-north",
    doing: "stopped",
    since: ago(60),
    at: ago(0),
    waiting: 14,
    waiting_bytes: 81_204_113,
    oldest_at: ago(70),
    taken: 48,
    refused: 3,
    repeated: 1,
    failing: 0,
    reason_code: "records.disk_low",
    reason: { en: "Only 212 MB are free on the disk of the records.", "zh-CN": "话单所在磁盘仅剩 212 MB。" },
    next_step: { en: "Free some space. Intake goes on by itself.", "zh-CN": "请释放空间，接收会自动继续。" },
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
  cadence: pick(["live", "periodic", "daily"], n),
  holder: pick(HOLDERS, n),
}));

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
