import { describe, expect, test } from "vitest";

import type { IncidentNews } from "../src/app/live";
import { belongs, incidentQuery } from "../src/pages/incidents/filters";

describe("the query of the queue", () => {
  test("spells out what is not closed", () => {
    expect(incidentQuery({ state: "not_closed" }, undefined)).toEqual({ state: ["open", "acknowledged", "contained"] });
  });

  test("asks for nobody's incidents with an empty name", () => {
    expect(incidentQuery({ assignee: "-" }, undefined)).toEqual({ assignee: "" });
    expect(incidentQuery({ assignee: "lin" }, "abc")).toEqual({ assignee: "lin", cursor: "abc" });
  });

  test("leaves out what the API would refuse", () => {
    expect(incidentQuery({ severity: "dreadful", card: "1; drop", rule: "R1" }, undefined)).toEqual({ rule: "R1" });
  });
});

describe("news of an incident", () => {
  const news: IncidentNews = { id: 9, rule: "R2", state: "open", card: 12, severity: "high", opened: true };

  test.each([
    [{}, true],
    [{ state: "not_closed" }, true],
    [{ state: "open", rule: "R2", severity: "high", card: "12" }, true],
    [{ state: "resolved" }, false],
    [{ rule: "R1" }, false],
    [{ severity: "low" }, false],
    [{ card: "13" }, false],
    [{ assignee: "lin" }, false],
    [{ assignee: "-" }, true],
  ])("belongs to %j: %s", (filters, expected) => {
    expect(belongs(news, filters)).toBe(expected);
  });
});
