import { CloseOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { useWords } from "../i18n/language";
import styles from "./parts.module.css";

const TYPING_PAUSE_MS = 300;

export function FilterBar({ children, onClear }: { children: ReactNode; onClear?: (() => void) | undefined }) {
  const { t } = useWords();
  return (
    <div className={styles["filters"]} role="search">
      {children}
      {onClear !== undefined && (
        <Button type="text" icon={<CloseOutlined />} onClick={onClear}>
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}

interface FindProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  label: string;
  testId: string;
}

/** A search field that asks once the typing pauses. */
export function Find({ value, onChange, label, testId }: FindProps) {
  const [text, setText] = useState(value ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(value ?? "");
  useEffect(() => {
    if ((value ?? "") !== asked.current) setText(value ?? ""); // the address changed: "back", or a link
    asked.current = value ?? "";
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const ask = (next: string) => {
    clearTimeout(timer.current);
    asked.current = next.trim();
    onChange(next.trim() || undefined);
  };
  return (
    <Input
      className={styles["filterFind"]}
      value={text}
      allowClear
      prefix={<SearchOutlined aria-hidden />}
      aria-label={label}
      placeholder={label}
      data-testid={testId}
      maxLength={64}
      onChange={(event) => {
        const next = event.target.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => ask(next), TYPING_PAUSE_MS);
      }}
      onPressEnter={() => ask(text)}
    />
  );
}

export interface Choice {
  value: string;
  label: string;
}

interface PickProps {
  name: string;
  value: string | undefined;
  choices: readonly Choice[];
  onChange: (value: string | undefined) => void;
  testId?: string;
}

/** One value of a few, or any. A value that is not among the choices stays visible. */
export function Pick({ name, value, choices, onChange, testId }: PickProps) {
  const { t } = useWords();
  const known = value === undefined || choices.some((choice) => choice.value === value);
  const options = known ? choices : [...choices, { value, label: value }];
  return (
    <Select
      value={value ?? null}
      allowClear
      aria-label={name}
      prefix={<span className={styles["pickName"]}>{name}</span>}
      placeholder={t("filter.any")}
      options={[...options]}
      popupMatchSelectWidth={false}
      showSearch={options.length > 12 ? { optionFilterProp: "label" } : false}
      onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
      data-testid={testId}
    />
  );
}
