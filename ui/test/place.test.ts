import { describe, expect, test } from "vitest";

import { hrefTo, nextPage, readPlace, withFilters, writePlace } from "../src/app/place";

const NAMES = ["q", "state"] as const;
const read = (query: string) => readPlace(new URLSearchParams(query), NAMES);

describe("a place in a list", () => {
  test("survives the way into the URL and back", () => {
    const query = "q=8986&state=open&after=WzUwXQ&page=2&open=17";
    expect(writePlace(read(query)).toString()).toBe(query);
  });

  test("takes known filters only, and no empty ones", () => {
    expect(read("q=%20%20&state=&evil=1")).toEqual({ filters: {}, after: undefined, page: 1, open: undefined });
  });

  test.each(["page=7", "after=x&page=0", "after=x&page=-3", "after=x&page=1.5", "after=x&page=many"])(
    "with %s counts as page 1",
    (query) => expect(read(query).page).toBe(1),
  );

  test("starts again when a filter changes, and keeps the other filters", () => {
    const place = withFilters(read("q=8986&state=open&after=x&page=4&open=9"), { state: "resolved" });
    expect(writePlace(place).toString()).toBe("q=8986&state=resolved");
  });

  test("drops a filter that is taken away", () => {
    expect(withFilters(read("q=8986&state=open"), { q: undefined }).filters).toEqual({ state: "open" });
  });

  test("goes on to the next page without the open row", () => {
    expect(writePlace(nextPage(read("state=open&open=3"), "abc")).toString()).toBe("state=open&after=abc&page=2");
  });

  test("can't be broken out of by what somebody types", () => {
    const place = withFilters(read(""), { q: "a&state=open#x" });
    expect(read(writePlace(place).toString()).filters).toEqual({ q: "a&state=open#x" });
  });
});

test("addresses leave out what is not set", () => {
  expect(hrefTo("/cards", { q: undefined, real_name: "" })).toBe("/cards");
  expect(hrefTo("/cards", { q: "89 86", page: 0 })).toBe("/cards?q=89+86&page=0");
});
