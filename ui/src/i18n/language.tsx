import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { formats, type Formats } from "./formats";
import { counted, LANGUAGES, lookUp, message, preferred } from "./messages";
import type { Blanks, CountKey, Language, MessageKey } from "./messages";

const STORED = "tallyward.language";

export interface Words extends Formats {
  language: Language;
  setLanguage: (language: Language) => void;
  /** The sentence at a key of the catalogue. */
  t: (key: MessageKey, blanks?: Blanks) => string;
  /** The counted sentence: `one` or `other` by the language's rule. */
  tn: (key: CountKey, n: number, blanks?: Blanks) => string;
  /** A sentence whose key is built from what the server says; `otherwise` where the catalogue has none. */
  named: (prefix: string, value: string, otherwise?: string) => string;
  /** The text of a `{en, zh-CN}` pair that the server sent. */
  pick: (texts: Readonly<Record<string, string>> | null | undefined) => string;
}

const WordsContext = createContext<Words | null>(null);

let current: Language = initialLanguage();

/** The language on screen, for code outside React (the Accept-Language header). */
export function currentLanguage(): Language {
  return current;
}

export function initialLanguage(): Language {
  const stored = typeof localStorage === "undefined" ? null : localStorage.getItem(STORED);
  const known = LANGUAGES.find((language) => language === stored);
  return known ?? preferred(typeof navigator === "undefined" ? [] : navigator.languages);
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(current);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const words = useMemo<Words>(
    () => ({
      ...formats(language),
      language,
      setLanguage: (next) => {
        current = next;
        localStorage.setItem(STORED, next);
        setLanguage(next);
      },
      t: (key, blanks) => message(language, key, blanks),
      tn: (key, n, blanks) => counted(language, key, n, blanks),
      named: (prefix, value, otherwise) => lookUp(language, `${prefix}.${value}`) ?? otherwise ?? value,
      pick: (texts) => texts?.[language] ?? texts?.["en"] ?? "",
    }),
    [language],
  );
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = use(WordsContext);
  if (words === null) throw new Error("useWords is used outside LanguageProvider");
  return words;
}
