import en from "../locales/en.json";
import zhCN from "../locales/zh-CN.json";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

type Leaves<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Every dotted path of the catalogue that holds a sentence. */
export type MessageKey = Leaves<typeof en>;

/** Paths that hold the two forms `one` and `other` of a counted sentence. */
export type CountKey = MessageKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

export type Blanks = Readonly<Record<string, string | number>>;

const CATALOGUES: Record<Language, unknown> = { en, "zh-CN": zhCN };

/** The sentence at a path, or undefined: for keys that are built from what the server says. */
export function lookUp(language: Language, key: string): string | undefined {
  let node: unknown = CATALOGUES[language];
  for (const part of key.split(".")) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, part)) return undefined;
    node = (node as Record<string, unknown>)[part];
  }
  return typeof node === "string" ? node : undefined;
}

/** Fills `{name}` blanks; a blank that is not given stays visible. */
export function fill(sentence: string, blanks: Blanks = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(blanks, name) ? String(blanks[name]) : whole,
  );
}

export function message(language: Language, key: MessageKey, blanks?: Blanks): string {
  return fill(lookUp(language, key) ?? key, blanks);
}

/** The counted sentence for `n`; `{n}` is filled with the number as the language writes it. */
export function counted(language: Language, key: CountKey, n: number, blanks?: Blanks): string {
  const form = new Intl.PluralRules(language).select(n) === "one" ? "one" : "other";
  const shown = new Intl.NumberFormat(language).format(n);
  return fill(lookUp(language, `${key}.${form}`) ?? key, { n: shown, ...blanks });
}

/** The catalogue that serves a list of browser languages best; English where none does. */
export function preferred(tags: readonly string[]): Language {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}
