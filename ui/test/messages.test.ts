import { describe, expect, test } from "vitest";

import { complaints } from "../scripts/check-locales.mjs";
import { counted, fill, lookUp, message, preferred } from "../src/i18n/messages";

test("both catalogues are complete, agree in their blanks, and hold nothing that is not asked for", () => {
  expect(complaints()).toEqual([]);
});

test("the check sees a sentence that nobody asks for", () => {
  expect(complaints("")).toContain("product.name is asked for nowhere");
});

describe("sentences", () => {
  test("fill their blanks, and leave visible what is not given", () => {
    expect(message("en", "pager.page", { page: 3 })).toBe("Page 3");
    expect(message("zh-CN", "pager.page", { page: 3 })).toBe("第 3 页");
    expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
  });

  test("a blank can't reach into an object", () => {
    expect(fill("{constructor} {toString}", {})).toBe("{constructor} {toString}");
    expect(lookUp("en", "product.constructor")).toBeUndefined();
  });

  test("are counted by the language's rule", () => {
    expect(counted("en", "incidents.new", 1)).toBe("1 new incident");
    expect(counted("en", "incidents.new", 1200)).toBe("1,200 new incidents");
    expect(counted("zh-CN", "incidents.new", 1)).toBe("1 个新事件");
  });
});

test.each([
  [["zh-TW", "en"], "zh-CN"],
  [["de", "zh"], "zh-CN"],
  [["en-GB"], "en"],
  [["fr", "de"], "en"],
  [[], "en"],
  [["zhx"], "en"],
])("browser languages %j are served by %s", (tags, language) => {
  expect(preferred(tags)).toBe(language);
});
