import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Modal } from "antd";
import { useState } from "react";

import { api, body } from "../../api/client";
import type { TokenRow } from "../../api/model";
import { problemOf } from "../../api/problem";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Ago, At } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Secret } from "../../parts/Secret";
import { Await, Nothing, Problem } from "../../parts/States";

const DEFAULT_DAYS = 90;
const MOST_DAYS = 366;

export default function TokensPage() {
  const { t } = useWords();
  const queries = useQueryClient();
  const tokens = useQuery({
    queryKey: ["tokens"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/tokens", { signal })),
  });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const changed = () => void queries.invalidateQueries({ queryKey: ["tokens"] });
  const columns = useTokenColumns(changed);
  return (
    <Page
      title={t("tokens.title")}
      note={t("tokens.note")}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t("tokens.add")}
        </Button>
      }
    >
      <Panel flush>
        <Await query={tokens} lines={4}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Nothing title={t("tokens.none")} next={t("tokens.none_next")} />
            ) : (
              <Rows caption={t("tokens.title")} rows={rows} columns={columns} rowKey={(token) => String(token.id)} />
            )
          }
        </Await>
      </Panel>
      {adding && (
        <NewTokenDialog
          onClose={() => setAdding(false)}
          onAdded={(told) => {
            setAdding(false);
            setSecret(told);
            changed();
          }}
        />
      )}
      {secret !== undefined && (
        <Secret title={t("tokens.made")} note={t("tokens.once")} secret={secret} onClose={() => setSecret(undefined)} />
      )}
    </Page>
  );
}

function useTokenColumns(changed: () => void): Column<TokenRow>[] {
  const { t } = useWords();
  return [
    { key: "name", title: t("tokens.name"), onCard: "head", cell: (token) => <strong>{token.name}</strong> },
    { key: "user", title: t("tokens.user"), cell: (token) => token.user },
    { key: "made", title: t("tokens.made_at"), nowrap: true, cell: (token) => <At at={token.created_at} /> },
    {
      key: "expires",
      title: t("tokens.expires"),
      nowrap: true,
      cell: (token) =>
        Date.parse(token.expires_at) < Date.now() ? (
          <Chip tone="high">{t("tokens.expired")}</Chip>
        ) : (
          <At at={token.expires_at} />
        ),
    },
    { key: "used", title: t("tokens.last_used"), nowrap: true, cell: (token) => <Ago at={token.last_used_at} /> },
    {
      key: "actions",
      title: t("field.actions"),
      onCard: "side",
      cell: (token) => <Revoke token={token} changed={changed} />,
    },
  ];
}

function Revoke({ token, changed }: { token: TokenRow; changed: () => void }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const revoke = useMutation({
    mutationFn: () => api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: token.id } } }),
    onSuccess: changed,
    onError: (error) => void message.error(problemOf(error).detail || t("problem.unknown")),
  });
  const ask = () =>
    void modal.confirm({
      title: t("tokens.revoke"),
      content: t("tokens.revoke_sure", { name: token.name }),
      okText: t("tokens.revoke"),
      cancelText: t("action.cancel"),
      okButtonProps: { danger: true },
      onOk: () => revoke.mutate(),
    });
  return (
    <Button size="small" type="link" onClick={ask} loading={revoke.isPending}>
      {t("tokens.revoke")}
    </Button>
  );
}

function NewTokenDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (secret: string) => void }) {
  const { t } = useWords();
  const [form] = Form.useForm<{ name: string; days: number }>();
  const add = useMutation({
    mutationFn: (wish: { name: string; days: number }) => body(api.POST("/api/v1/tokens", { body: wish })),
    onSuccess: ({ secret }) => onAdded(secret),
  });
  return (
    <Modal
      open
      title={t("tokens.add")}
      okText={t("tokens.add")}
      cancelText={t("action.cancel")}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {add.isError && <Problem error={add.error} />}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ days: DEFAULT_DAYS }}
        onFinish={(wish) => add.mutate(wish)}
        style={{ marginTop: 12 }}
      >
        <Form.Item
          name="name"
          label={t("tokens.name")}
          rules={[{ required: true, whitespace: true, message: t("tokens.name_missing") }]}
        >
          <Input autoFocus maxLength={64} placeholder={t("tokens.name_hint")} />
        </Form.Item>
        <Form.Item name="days" label={t("tokens.days")}>
          <InputNumber min={1} max={MOST_DAYS} precision={0} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
