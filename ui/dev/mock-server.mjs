/**
 * Answers the console's API from made-up rows, for `npm run dev` and for looking at pages without a server.
 * Sign in with any name; the password `once` asks for a new one, `wrong` is refused. Nothing is kept.
 * MOCK_STATIC=folder serves a built console as well. MOCK_CALM=1 sends no live events.
 */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

import * as made from "./fixtures.mjs";

/** @typedef {import("../src/api/schema").components["schemas"]} Schemas */

const PORT = Number(process.env["MOCK_PORT"] ?? 8088);
const STATIC = process.env["MOCK_STATIC"];
const TYPES = /** @type {Record<string, string>} */ ({
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
});

let signedIn = process.env["MOCK_SIGNED_IN"] === "1";
let mustChange = false;

/** @returns {Schemas["Me"]} */
const me = () => ({
  name: "admin",
  display_name: "Administrator",
  role: "admin",
  enterprise: null,
  permissions: [
    "area:read",
    "audit:read",
    "card:read",
    "enterprise:read",
    "incident:act",
    "incident:assign",
    "incident:comment",
    "incident:read",
    "quarantine:read",
    "record:read",
    "rule:read",
    "situation:read",
    "source:read",
    "terminal:read",
    "token:manage",
    "user:manage",
    "user:read",
  ],
  must_change_password: mustChange,
  language: "en",
});

/** @param {number} status @param {string} code @param {string} detail @param {string} next */
const problem = (status, code, detail, next) => ({
  status,
  body: { type: `urn:tallyward:${code}`, title: "", status, detail, code, next, parameters: {} },
});

/** @param {readonly unknown[]} rows @param {URLSearchParams} query */
function page(rows, query) {
  const from = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  return {
    rows: rows.slice(from, from + limit),
    next_cursor: from + limit < rows.length ? String(from + limit) : null,
  };
}

/** @param {URLSearchParams} query */
function queue(query) {
  const states = query.getAll("state");
  const found = made.incidents.filter(
    (one) =>
      (states.length === 0 || states.includes(one.state)) &&
      (!query.has("rule") || query.get("rule") === one.rule) &&
      (!query.has("severity") || query.get("severity") === one.severity) &&
      (!query.has("card") || query.get("card") === String(one.card?.id)) &&
      (!query.has("assignee") || query.get("assignee") === (one.assignee ?? "")),
  );
  return page(found.map(made.row), query);
}

/** @param {URLSearchParams} query */
function fleet(query) {
  const start = query.get("q") ?? "";
  const found = made.cards.filter(
    (card) =>
      [card.iccid, card.imsi, card.msisdn ?? ""].some((number) => number.startsWith(start)) &&
      (!query.has("real_name") || query.get("real_name") === card.real_name) &&
      (!query.has("card_class") || query.get("card_class") === card.card_class.code) &&
      (!query.has("area") || query.get("area") === card.home_area?.code),
  );
  return page(found, query);
}

/** @param {string} id @param {string} what @param {{event: Schemas["Event"], reason: string | null, name: string | null, text: string}} wish */
function change(id, what, wish) {
  const incident = made.incidents.find((one) => String(one.id) === id);
  if (incident === undefined)
    return problem(404, "incidents.none", `There is no incident ${id}.`, "Go back to the queue.");
  const at = new Date().toISOString();
  const entry = { id: Date.now(), at, actor: "admin", event: null, before: null, after: null, text: null };
  if (what === "assignee") {
    incident.history.push({ ...entry, kind: "assigned", before: incident.assignee, after: wish.name });
    incident.assignee = wish.name;
  } else if (what === "comments") {
    incident.history.push({ ...entry, kind: "comment", text: wish.text });
  } else {
    const step = incident.allowed_events.find(({ event }) => event === wish.event);
    if (step === undefined)
      return problem(
        409,
        "incidents.event_not_allowed",
        `An incident that is ${incident.state} can't take ${wish.event}.`,
        "Look at its history: somebody may have been faster.",
      );
    incident.history.push({
      ...entry,
      kind: "state",
      event: wish.event,
      before: incident.state,
      after: step.to,
      text: wish.reason,
    });
    incident.state = step.to;
    incident.allowed_events = made.allowed(step.to);
  }
  return { status: 200, body: { ...incident, history: [...incident.history] } };
}

/** @param {string} method @param {URL} url @param {any} wish @returns {{status: number, body?: unknown}} */
function answer(method, url, wish) {
  const path = url.pathname.replace("/api/v1", "");
  const query = url.searchParams;
  if (path === "/session" && method === "POST") {
    if (wish.password === "wrong")
      return problem(
        401,
        "console.wrong_password",
        "Name or password is wrong.",
        "Check both. After five failures the account rests for a while.",
      );
    signedIn = true;
    mustChange = wish.password === "once";
    return { status: 200, body: me() };
  }
  if (!signedIn) return problem(401, "console.not_signed_in", "Nobody is signed in.", "Sign in.");
  if (path === "/session" && method === "DELETE") {
    signedIn = false;
    return { status: 204 };
  }
  if (path === "/session/password") {
    mustChange = false;
    return { status: 200, body: me() };
  }
  const [, id = "", what = ""] = /^\/incidents\/(\d+)\/(\w+)$/.exec(path) ?? [];
  if (method !== "GET") return what === "" ? { status: 200, body: me() } : change(id, what, wish);
  return read(path, query);
}

/** @param {string} path @param {URLSearchParams} query @returns {{status: number, body?: unknown}} */
function read(path, query) {
  const [, list = "", id, more] = path.split("/");
  const ok = (/** @type {unknown} */ body) =>
    body === undefined
      ? problem(404, "console.no_row", "There is no such row, or not for you.", "Go back to the list.")
      : { status: 200, body };
  if (list === "cards" && more === "records") return ok(page(made.records(), query));
  if (list === "cards" && id !== undefined) return ok(made.cardDetail(Number(id)));
  if (list === "incidents" && id !== undefined) return ok(made.incidents.find((one) => String(one.id) === id));
  if (list === "terminals" && id !== undefined) {
    const terminal = made.terminals.find((one) => String(one.id) === id);
    return ok(
      terminal && {
        ...terminal,
        home: { latitude: 31.2, longitude: 121.5 },
        gateway: null,
        bindings: [
          {
            card: { id: 3, iccid: made.cards[2]?.iccid },
            since: "2026-06-18T02:30:00Z",
            until: null,
            reason: "import",
          },
        ],
      },
    );
  }
  const all = (/** @type {readonly unknown[]} */ rows) => ({ rows, next_cursor: null });
  /** @type {Record<string, () => unknown>} */
  const lists = {
    session: me,
    situation: made.situation,
    cards: () => fleet(query),
    incidents: () => queue(query),
    terminals: () => page(made.terminals, query),
    sources: () => all(made.sources),
    intakes: () => all(made.intakes),
    quarantine: () =>
      page(
        made.quarantine.filter((one) => !query.has("source") || query.get("source") === String(one.source.id)),
        query,
      ),
    rules: () => ({ ...all(made.rules), may_change: false }),
    whitelist: () => all([]),
    areas: () => all(made.areas),
    enterprises: () => all(made.enterprises),
    "card-classes": () => all(made.cardClasses),
    users: () => all(made.users),
    tokens: () =>
      all([
        {
          id: 1,
          name: "nightly report",
          user: "admin",
          created_at: "2026-10-01T08:00:00Z",
          expires_at: "2027-01-01T08:00:00Z",
          last_used_at: null,
        },
      ]),
    audit: () =>
      all([
        {
          at: new Date().toISOString(),
          actor: "admin",
          enterprise: null,
          action: "incident.mark_false_positive",
          subject: "incident:12",
          detail: { reason: "Test traffic" },
        },
      ]),
  };
  return ok(lists[list]?.());
}

/** @param {import("node:http").ServerResponse} response */
function stream(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  if (process.env["MOCK_CALM"] === "1") return;
  let next = made.incidents.length + 1;
  const timer = setInterval(() => {
    const opened = made.incident(next, 0);
    made.incidents.unshift(opened);
    response.write(
      `id: ${next}\nevent: incident\ndata: ${JSON.stringify({ id: next, rule: opened.rule, state: opened.state, card: opened.card?.id ?? null, severity: opened.severity, opened: true })}\n\n`,
    );
    next += 1;
  }, 4000);
  response.on("close", () => clearInterval(timer));
}

/** @param {string} path @param {import("node:http").ServerResponse} response */
async function serveFile(path, response) {
  const wanted = normalize(join(STATIC ?? ".", path));
  const file = extname(wanted) === "" ? join(STATIC ?? ".", "index.html") : wanted;
  try {
    const content = await readFile(file);
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}

createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (!url.pathname.startsWith("/api/")) return void serveFile(url.pathname, response);
  if (url.pathname === "/api/v1/events") return stream(response);
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    const { status, body } = answer(request.method ?? "GET", url, text === "" ? {} : JSON.parse(text));
    response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
}).listen(PORT, "127.0.0.1", () => console.log(`mock API on http://127.0.0.1:${PORT}`));
