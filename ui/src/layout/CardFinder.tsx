import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";

import { hrefTo } from "../app/place";
import { useWords } from "../i18n/language";

/** From anywhere to a card by the beginning of any of its numbers. */
export function CardFinder({ className }: { className: string | undefined }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  return (
    <form
      className={className}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") void navigate(hrefTo("/cards", { q: text.trim() }));
        setText("");
      }}
    >
      <Input
        value={text}
        onChange={(event) => setText(event.target.value)}
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t("nav.find_card")}
        aria-label={t("nav.find_card")}
        maxLength={64}
        data-testid="find-card"
      />
    </form>
  );
}
