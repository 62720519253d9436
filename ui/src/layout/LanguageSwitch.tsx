import { Segmented } from "antd";

import { api } from "../api/client";
import { useSession } from "../app/session";
import { useWords } from "../i18n/language";
import type { Language } from "../i18n/messages";

/** Each language under its own name, whichever is on screen. */
export function LanguageSwitch() {
  const { t, language, setLanguage } = useWords();
  const me = useSession().data;
  const choose = (next: Language) => {
    setLanguage(next);
    // The server writes to this person in the same language; the page has changed whether or not it hears of it.
    if (me) void api.PUT("/api/v1/session/language", { body: { language: next } }).catch(() => undefined);
  };
  return (
    <Segmented<Language>
      size="small"
      value={language}
      onChange={choose}
      aria-label={t("language.choose")}
      data-testid="language-switch"
      options={[
        {
          value: "zh-CN",
          label: (
            <span data-testid="language-zh-CN" lang="zh-CN">
              {t("language.short_zh")}
            </span>
          ),
        },
        {
          value: "en",
          label: (
            <span data-testid="language-en" lang="en">
              {t("language.short_en")}
            </span>
          ),
        },
      ]}
    />
  );
}
