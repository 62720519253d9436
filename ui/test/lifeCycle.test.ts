import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { EVENT_KEYS, eventsOf, needsReason, STATES, takes } from "../src/pages/incidents/lifeCycle";

const SERVER = readFileSync(join(import.meta.dirname, "../../src/tallyward/incidents/life_cycle.py"), "utf8");

test("the table is the server's", () => {
  const pairs = [...SERVER.matchAll(/\(State\.(\w+), Event\.(\w+)\): State\./g)].map(([, state = "", event = ""]) =>
    `${state} ${event}`.toLowerCase(),
  );
  const ours = STATES.flatMap((state) => eventsOf(state).map((event) => `${state} ${event}`));
  expect(pairs.length).toBeGreaterThan(0);
  expect(ours.sort()).toEqual(pairs.sort());
});

test("the reasons required are the server's", () => {
  const listed = /REASON_REQUIRED.*frozenset\(\{(.*)\}\)/.exec(SERVER)?.[1] ?? "";
  const required = [...listed.matchAll(/Event\.(\w+)/g)].map(([, event = ""]) => event.toLowerCase());
  expect(Object.values(EVENT_KEYS).filter(needsReason)).toEqual(required);
});

describe("what a state takes", () => {
  test("an open incident may be acknowledged once", () => {
    expect(takes("open", "acknowledge")).toBe(true);
    expect(takes("acknowledged", "acknowledge")).toBe(false);
  });

  test.each(["resolved", "false_positive"])("%s is left by reopening only", (state) => {
    expect(eventsOf(state)).toEqual(["reopen"]);
  });

  test("a state this console does not know takes nothing", () => {
    expect(eventsOf("dreaming")).toEqual([]);
    expect(eventsOf("constructor")).toEqual([]);
  });
});
