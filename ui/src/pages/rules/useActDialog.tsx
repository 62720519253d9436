import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";

import { api, body } from "../../api/client";
import type { RuleDetail } from "../../api/model";
import { useWords, type Words } from "../../i18n/language";
import { Problem } from "../../parts/States";
import { LONGEST_NOTE } from "./draft";

/** A change of what is in use. `used` is the version in use before it, empty where there is none. */
export type Act =
  | { kind: "promote"; rule: string; used: string; version: string; text: string }
  | { kind: "rollback"; rule: string; used: string; version: string; to: number }
  | { kind: "retire"; rule: string; used: string };

async function carryOut(act: Act, note: string): Promise<RuleDetail> {
  const params = { path: { rule: act.rule } };
  switch (act.kind) {
    case "promote":
      return body(api.POST("/api/v1/rules/promote", { body: { text: act.text, note, instead_of: act.used } }));
    case "rollback":
      return body(api.POST("/api/v1/rules/{rule}/rollback", { params, body: { to: act.to, note } }));
    case "retire":
      return body(api.POST("/api/v1/rules/{rule}/retire", { params, body: { note } }));
  }
}

/** Says what will happen, asks why, and does it. */
export function useActDialog(onDone?: (detail: RuleDetail) => void): { ask: (act: Act) => void; element: ReactNode } {
  const { t } = useWords();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Act>();
  const change = useMutation({
    mutationFn: ({ act, note }: { act: Act; note: string }) => carryOut(act, note),
    onSuccess: (detail) => {
      setAsked(undefined);
      void queries.invalidateQueries({ queryKey: ["rules"] });
      void message.success(
        detail.rule.in_use
          ? t("rules.now", { rule: detail.rule.id, version: detail.rule.version })
          : t("rules.now_retired", { rule: detail.rule.id }),
      );
      onDone?.(detail);
    },
  });
  const ask = (act: Act) => {
    change.reset();
    setAsked(act);
  };
  const element =
    asked === undefined ? null : (
      <ActDialog
        act={asked}
        error={change.error}
        busy={change.isPending}
        onCancel={() => setAsked(undefined)}
        onConfirm={(note) => change.mutate({ act: asked, note })}
      />
    );
  return { ask, element };
}

/** What the change means, in a sentence. */
function meaning(act: Act, t: Words["t"]): string {
  const { rule, used } = act;
  if (act.kind === "retire") return t("rules.retire_sure", { rule });
  const { version } = act;
  if (used === "") return t("rules.begin_sure", { rule, version });
  return t("rules.replace_sure", { rule, used, version });
}

const NAMES = { promote: "rules.promote", rollback: "rules.roll_back", retire: "rules.retire" } as const;

interface ActDialogProps {
  act: Act;
  error: unknown;
  busy: boolean;
  onCancel: () => void;
  onConfirm: (note: string) => void;
}

function ActDialog({ act, error, busy, onCancel, onConfirm }: ActDialogProps) {
  const { t } = useWords();
  const [form] = Form.useForm<{ note?: string }>();
  const name = t(NAMES[act.kind]);
  return (
    <Modal
      open
      title={t("rules.act_title", { what: name, rule: act.rule })}
      okText={name}
      cancelText={t("action.cancel")}
      confirmLoading={busy}
      onCancel={onCancel}
      onOk={() => form.submit()}
      okButtonProps={{ "data-testid": "act-confirm", danger: act.kind === "retire" }}
      width={520}
    >
      <p data-testid="act-meaning">{meaning(act, t)}</p>
      <p>{t("rules.act_then")}</p>
      {error !== null && error !== undefined && <Problem error={error} />}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ marginTop: 12 }}
        onFinish={({ note = "" }) => onConfirm(note.trim())}
      >
        <Form.Item name="note" label={t("rules.note_label")}>
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={LONGEST_NOTE}
            data-testid="act-note"
            onPressEnter={(press) => (press.ctrlKey || press.metaKey) && form.submit()}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
