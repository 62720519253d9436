// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";

import type { RuleDetail, RuleVersion } from "../src/api/model";
import {
  canGoBackTo,
  canGoBackToFiles,
  hasText,
  linesOf,
  offsetOf,
  readDraft,
  writeDraft,
} from "../src/pages/rules/draft";
import { dayAfter, endOfDay, mayEnd } from "../src/pages/rules/whitelist";

const version = (number: number, patch: Partial<RuleVersion> = {}): RuleVersion => ({
  number,
  action: "promote",
  version: `v${number}`,
  has_text: true,
  author: "lin",
  at: "2026-06-18T08:00:00Z",
  note: "",
  in_use: false,
  ...patch,
});

const detail = (patch: Partial<RuleDetail> = {}, rule: Partial<RuleDetail["rule"]> = {}): RuleDetail => ({
  rule: {
    id: "R1",
    version: "v2",
    severity: "high",
    title: { en: "One", "zh-CN": "一" },
    description: { en: "", "zh-CN": "" },
    limits: [],
    conditions: [],
    in_use: true,
    source: "kept",
    number: 2,
    changed_at: null,
    ...rule,
  },
  text: "id: R1\n",
  files_version: "v0",
  versions: [],
  may_change: true,
  ...patch,
});

describe("a place in a text", () => {
  const text = "id: R1\nseverity: high\n\ntitle:";

  test.each([
    [1, 1, 0],
    [2, 1, 7],
    [2, 11, 17],
    [3, 1, 22],
    [4, 3, 25],
  ])("line %i, column %i is offset %i", (line, column, offset) => {
    expect(offsetOf(text, line, column)).toBe(offset);
  });

  test("stays on its line and in the text, whatever the server says", () => {
    expect(offsetOf(text, 1, 99)).toBe(6);
    expect(offsetOf(text, 99, 1)).toBe(text.length);
    expect(offsetOf(text, 2, 0)).toBe(7);
    expect(offsetOf("", 1, 1)).toBe(0);
  });

  test("lines end as any system ends them", () => {
    expect(linesOf("a\r\nb\nc\rd")).toEqual(["a", "b", "c", "d"]);
    expect(linesOf("")).toEqual([""]);
  });
});

describe("a draft", () => {
  afterEach(() => sessionStorage.clear());

  test("is one person's and one rule's, and goes when it is put in use", () => {
    writeDraft("lin", "R1", "id: R1");
    expect(readDraft("lin", "R1")).toBe("id: R1");
    expect(readDraft("lin", "R2")).toBeNull();
    expect(readDraft("wang", "R1")).toBeNull();
    writeDraft("lin", "R1", null);
    expect(readDraft("lin", "R1")).toBeNull();
  });

  test("may be empty, which is not the same as none", () => {
    writeDraft("lin", "R1", "");
    expect(readDraft("lin", "R1")).toBe("");
  });
});

describe("going back", () => {
  test("is offered to versions with a text, not to the one in use", () => {
    expect(canGoBackTo(version(1), detail())).toBe(true);
    expect(canGoBackTo(version(2, { in_use: true }), detail())).toBe(false);
    expect(canGoBackTo(version(1, { action: "retire", has_text: false }), detail())).toBe(false);
  });

  test("is offered to a version that was the files' text only while a file has the rule", () => {
    const back = version(1, { action: "rollback", has_text: false });
    expect(hasText(back, detail())).toBe(true);
    expect(hasText(back, detail({ files_version: null }))).toBe(false);
  });

  test("is offered to the files unless they are in use or do not have the rule", () => {
    expect(canGoBackToFiles(detail())).toBe(true);
    expect(canGoBackToFiles(detail({}, { source: "files" }))).toBe(false);
    expect(canGoBackToFiles(detail({}, { source: "files", in_use: false }))).toBe(true);
    expect(canGoBackToFiles(detail({ files_version: null }))).toBe(false);
  });
});

describe("the last day of a whitelist entry", () => {
  const now = Date.parse("2026-06-18T23:00:00Z");

  test("ends with the UTC day", () => {
    expect(endOfDay("2026-06-18")).toBe("2026-06-18T23:59:59Z");
    expect(endOfDay("18.6.2026")).toBeUndefined();
    expect(endOfDay("2026-13-40")).toBeUndefined();
    expect(dayAfter(now, 30)).toBe("2026-07-18");
  });

  test.each([
    ["2026-06-17", false],
    ["2026-06-18", true],
    ["2027-06-18", true],
    ["2027-06-19", false],
    ["", false],
  ])("%s may be chosen: %s", (day, expected) => {
    expect(mayEnd(day, now)).toBe(expected);
  });
});
