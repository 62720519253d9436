// @vitest-environment jsdom
import { describe, expect, test, vi } from "vitest";

import { meaning, type QueueKeys } from "../src/pages/incidents/useQueueKeys";

function press(key: string, html = "<p id='at'>row</p>", modifiers: Partial<KeyboardEvent> = {}) {
  document.body.innerHTML = html;
  const keys = { move: vi.fn(), open: vi.fn(), close: vi.fn(), act: vi.fn(), help: vi.fn() } satisfies QueueKeys;
  const target = document.getElementById("at");
  meaning({ key, ctrlKey: false, metaKey: false, altKey: false, target, ...modifiers })?.(keys);
  return keys;
}

describe("keys of the queue", () => {
  test("move, open, close and help", () => {
    expect(press("j").move).toHaveBeenCalledWith(1);
    expect(press("k").move).toHaveBeenCalledWith(-1);
    expect(press("Enter").open).toHaveBeenCalled();
    expect(press("Escape").close).toHaveBeenCalled();
    expect(press("?").help).toHaveBeenCalled();
  });

  test.each([
    ["a", "acknowledge"],
    ["f", "mark_false_positive"],
    ["c", "contain"],
    ["r", "resolve"],
    ["o", "reopen"],
  ])("%s means %s", (key, event) => expect(press(key).act).toHaveBeenCalledWith(event));

  test.each([
    "<input id='at'>",
    "<textarea id='at'></textarea>",
    "<div role='dialog'><p id='at'></p></div>",
    "<div role='listbox'><p id='at'></p></div>",
  ])("belong to %s", (html) => {
    const keys = press("f", html);
    expect(Object.values(keys).some((does) => does.mock.calls.length > 0)).toBe(false);
  });

  test("Enter on a link is the link's own, letters are not", () => {
    const link = "<a href='#' id='at'>x</a>";
    expect(press("Enter", link).open).not.toHaveBeenCalled();
    expect(press("j", link).move).toHaveBeenCalled();
  });

  test("leave the browser its own", () => {
    expect(press("f", undefined, { ctrlKey: true }).act).not.toHaveBeenCalled();
    expect(press("r", undefined, { metaKey: true }).act).not.toHaveBeenCalled();
    expect(meaning({ key: "toString", ctrlKey: false, metaKey: false, altKey: false, target: null })).toBeNull();
  });
});
