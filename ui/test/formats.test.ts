import { describe, expect, test } from "vitest";

import { formats } from "../src/i18n/formats";

const en = formats("en", "UTC");
const zh = formats("zh-CN", "Asia/Shanghai");

describe("numbers", () => {
  test("are grouped as the language groups them", () => {
    expect(en.number(1234567)).toBe("1,234,567");
    expect(en.percent(0.4567)).toBe("45.7%");
  });

  test.each([
    [0, "0B"],
    [999, "999B"],
    [1000, "1 kB"],
    [1_234_567, "1.2 MB"],
    [4_294_967_295, "4.3 GB"],
    [7e12, "7 TB"],
    [9e15, "9,000 TB"],
  ])("bytes %i are %s", (bytes, text) => expect(en.bytes(bytes)).toBe(text));

  test.each([
    [0, "0 sec"],
    [59, "59 sec"],
    [60, "1 min"],
    [125, "2 min 5 sec"],
    [3600, "1 hr"],
    [3720, "1 hr 2 min"],
  ])("%i seconds are %s", (seconds, text) => expect(en.duration(seconds)).toBe(text));

  test("durations speak Chinese", () => expect(zh.duration(125)).toBe("2分钟 5秒"));
});

describe("moments", () => {
  test("are shown in the reader's zone, from text or seconds", () => {
    expect(en.dateTime("2026-11-23T22:05:09Z")).toBe("Nov 23, 2026, 22:05:09");
    expect(zh.dateTime("2026-11-23T22:05:09Z")).toBe("2026年11月24日 06:05:09");
    expect(en.dateTime(Date.UTC(2026, 10, 23, 22, 5, 9) / 1000)).toBe("Nov 23, 2026, 22:05:09");
  });

  test("midnight is 00, not 24", () => expect(en.time("2026-11-23T00:00:00Z")).toBe("00:00:00"));

  test("a day is not shifted by the zone", () => {
    expect(formats("en", "America/New_York").day("2026-11-23")).toBe("Nov 23, 2026");
    expect(zh.day("2026-11-23")).toBe("2026年11月23日");
  });

  test("what is no moment is shown as it came", () => {
    expect(en.dateTime("soon")).toBe("soon");
    expect(en.utc("soon")).toBe("soon");
    expect(en.day("soon")).toBe("soon");
  });

  test("hours of a UTC day stand on the reader's clock", () => {
    expect(zh.hourOfUtcDay("2026-11-23", 0)).toBe("08:00");
    expect(zh.hourOfUtcDay("2026-11-23", 24)).toBe("08:00");
    expect(formats("en", "Asia/Kolkata").hourOfUtcDay("2026-11-23", 1)).toBe("06:30");
  });

  test.each([
    [0, "now"],
    [-59_000, "59 seconds ago"],
    [-60_000, "1 minute ago"],
    [-3_600_000 * 5, "5 hours ago"],
    [-86_400_000 * 2, "2 days ago"],
  ])("%i ms from now is %s", (offset, text) => {
    const now = Date.UTC(2026, 10, 23);
    expect(en.ago(new Date(now + offset).toISOString(), now)).toBe(text);
  });
});
