// @vitest-environment jsdom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";

import { currentLanguage, initialLanguage, LanguageProvider, useWords } from "../src/i18n/language";

let root: Root;

function Probe() {
  const { t, named, pick, setLanguage } = useWords();
  return (
    <button onClick={() => setLanguage("zh-CN")}>
      {[
        t("nav.situation"),
        named("severity", "high"),
        named("severity", "dire"),
        pick({ en: "one", "zh-CN": "一" }),
      ].join("|")}
    </button>
  );
}

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  document.body.replaceChildren(document.createElement("div"));
  root = createRoot(document.body.children[0] as HTMLElement);
});

afterEach(() => {
  act(() => root.unmount());
  localStorage.clear();
});

test("switching changes what is read, the page's lang attribute, what the API hears, and is remembered", () => {
  act(() =>
    root.render(
      <LanguageProvider>
        <Probe />
      </LanguageProvider>,
    ),
  );
  const button = document.querySelector("button");
  expect(button?.textContent).toBe("Situation|High|dire|one");
  expect(document.documentElement.lang).toBe("en");
  act(() => button?.click());
  expect(button?.textContent).toBe("安全态势|高|dire|一");
  expect(document.documentElement.lang).toBe("zh-CN");
  expect(currentLanguage()).toBe("zh-CN");
  expect(initialLanguage()).toBe("zh-CN");
});

test("a stored language that is unknown does not count", () => {
  localStorage.setItem("tallyward.language", "tlh");
  expect(initialLanguage()).toBe("en");
});
