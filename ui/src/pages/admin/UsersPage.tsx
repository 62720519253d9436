import { PlusOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";

import { api, body } from "../../api/client";
import type { UserRow } from "../../api/model";
import { problemOf } from "../../api/problem";
import { useMe } from "../../app/session";
import { useWords } from "../../i18n/language";
import { Chip } from "../../parts/Marks";
import { Ago, Dash } from "../../parts/Moments";
import { Page, Panel } from "../../parts/Page";
import { Rows, type Column } from "../../parts/Rows";
import { Secret } from "../../parts/Secret";
import { Await } from "../../parts/States";
import { NewUserDialog } from "./NewUserDialog";

interface Told {
  name: string;
  password: string;
}

export default function UsersPage() {
  const { t } = useWords();
  const queries = useQueryClient();
  const users = useQuery({
    queryKey: ["users", "accounts"],
    queryFn: ({ signal }) => body(api.GET("/api/v1/users", { signal })),
  });
  const [adding, setAdding] = useState(false);
  const [told, setTold] = useState<Told>();
  const changed = () => void queries.invalidateQueries({ queryKey: ["users"] });
  const columns = useUserColumns(changed, setTold);
  return (
    <Page
      title={t("users.title")}
      note={t("users.note")}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {t("users.add")}
        </Button>
      }
    >
      <Panel flush>
        <Await query={users}>
          {({ rows }) => (
            <Rows
              caption={t("users.title")}
              rows={rows}
              columns={columns}
              rowKey={(user) => user.name}
              rowTestId="user-row"
            />
          )}
        </Await>
      </Panel>
      {adding && (
        <NewUserDialog
          onClose={() => setAdding(false)}
          onAdded={(name, password) => {
            setAdding(false);
            setTold({ name, password });
            changed();
          }}
        />
      )}
      {told !== undefined && (
        <Secret
          title={t("users.password_of", { name: told.name })}
          note={t("users.password_once")}
          secret={told.password}
          onClose={() => setTold(undefined)}
        />
      )}
    </Page>
  );
}

function useUserColumns(changed: () => void, tell: (told: Told) => void): Column<UserRow>[] {
  const { t, named } = useWords();
  return [
    {
      key: "name",
      title: t("users.name"),
      onCard: "head",
      cell: (user) => (
        <>
          <strong>{user.display_name}</strong> <code>{user.name}</code>
        </>
      ),
    },
    {
      key: "role",
      title: t("users.role"),
      cell: (user) => (user.account === null ? <Dash /> : named("role", user.account.role)),
    },
    {
      key: "enterprise",
      title: t("field.enterprise"),
      cell: (user) => user.account?.enterprise?.name ?? t("users.every_enterprise"),
    },
    {
      key: "seen",
      title: t("users.last_sign_in"),
      nowrap: true,
      cell: (user) => <Ago at={user.account?.last_sign_in_at} />,
    },
    {
      key: "state",
      title: t("field.state"),
      onCard: "side",
      cell: (user) =>
        user.account?.disabled ? (
          <Chip tone="high">{t("users.disabled")}</Chip>
        ) : user.account?.must_change_password ? (
          <Chip tone="medium">{t("users.password_due")}</Chip>
        ) : (
          <Chip tone="good">{t("users.active")}</Chip>
        ),
    },
    {
      key: "actions",
      title: t("field.actions"),
      cell: (user) => <UserActions user={user} changed={changed} tell={tell} />,
    },
  ];
}

function UserActions({ user, changed, tell }: { user: UserRow; changed: () => void; tell: (told: Told) => void }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const me = useMe();
  const path = { name: user.name };
  const refused = (error: unknown) => void message.error(problemOf(error).detail || t("problem.unknown"));
  const reset = useMutation({
    mutationFn: () => body(api.POST("/api/v1/users/{name}/password-reset", { params: { path } })),
    onSuccess: ({ one_time_password }) => {
      tell({ name: user.name, password: one_time_password });
      changed();
    },
    onError: refused,
  });
  const disable = useMutation({
    mutationFn: (disabled: boolean) =>
      body(api.PATCH("/api/v1/users/{name}", { params: { path }, body: { disabled } })),
    onSuccess: changed,
    onError: refused,
  });
  if (user.account === null || user.name === me.name) return <Dash />;
  const { disabled } = user.account;
  const sure = (title: string, content: string, onOk: () => void) =>
    void modal.confirm({ title, content, okText: t("action.confirm"), cancelText: t("action.cancel"), onOk });
  return (
    <>
      <Button
        size="small"
        type="link"
        onClick={() => sure(t("users.reset"), t("users.reset_sure", { name: user.name }), () => reset.mutate())}
      >
        {t("users.reset")}
      </Button>
      <Button
        size="small"
        type="link"
        onClick={() =>
          disabled
            ? disable.mutate(false)
            : sure(t("users.disable"), t("users.disable_sure", { name: user.name }), () => disable.mutate(true))
        }
      >
        {t(disabled ? "users.enable" : "users.disable")}
      </Button>
    </>
  );
}
