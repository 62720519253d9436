/** Texts of rules: lines and places in them, what a person has begun to write, and what may be gone back to. */

import type { RuleDetail, RuleVersion } from "../../api/model";

/** As many characters as the API takes. */
export const LONGEST_TEXT = 40_000;
/** As many characters as the API takes of a reason. */
export const LONGEST_NOTE = 500;
/** Number of the text that the rule files have. */
export const FILES = 0;

export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Where a line and column (both from 1) begin in a text; its end where the text has no such line. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + Math.max(column, 1) - 1, end < 0 ? text.length : end);
}

/** A draft of a rule, or (without one) of a new rule, is one person's and one tab's. */
function keyOf(person: string, rule: string): string {
  return `tallyward.draft.${person}.${rule}`;
}

export function readDraft(person: string, rule: string): string | null {
  return sessionStorage.getItem(keyOf(person, rule));
}

export function writeDraft(person: string, rule: string, text: string | null): void {
  if (text === null) sessionStorage.removeItem(keyOf(person, rule));
  else sessionStorage.setItem(keyOf(person, rule), text);
}

/** Whether a version has a text to show or to compare: one that took the rule out of use has none. */
export function hasText(version: RuleVersion, detail: RuleDetail): boolean {
  return version.has_text || (version.action === "rollback" && detail.files_version !== null);
}

/** Versions one can go back to: those with a text, except the one in use. */
export function canGoBackTo(version: RuleVersion, detail: RuleDetail): boolean {
  return !version.in_use && hasText(version, detail);
}

/** The same for the text of the rule files. */
export function canGoBackToFiles({ files_version, rule }: RuleDetail): boolean {
  return files_version !== null && (rule.source !== "files" || !rule.in_use);
}
