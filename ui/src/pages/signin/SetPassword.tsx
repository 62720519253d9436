import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useNavigate } from "react-router";

import { api, body } from "../../api/client";
import { useEnter, useSignOut } from "../../app/session";
import { useWords } from "../../i18n/language";
import { Problem } from "../../parts/States";
import { Threshold } from "./Threshold";
import styles from "./Threshold.module.css";

interface Passwords {
  old: string;
  new: string;
  again: string;
}

/** The server has the last word on what it takes; this saves a round trip. */
const SHORTEST = 12;

/** A new password: of one's own will, or `forced` after a one-time password. */
export function SetPassword({ forced = false }: { forced?: boolean }) {
  const { t } = useWords();
  const enter = useEnter();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const change = useMutation({
    mutationFn: (given: Passwords) =>
      body(api.POST("/api/v1/session/password", { body: { old: given.old, new: given.new } })),
    onSuccess: (me) => {
      enter(me);
      if (!forced) void navigate("/");
    },
  });
  return (
    <Threshold>
      <h1>{t("password.title")}</h1>
      <p className={styles["note"]}>{t(forced ? "password.forced" : "password.wish")}</p>
      {change.isError && (
        <div className={styles["refused"]}>
          <Problem error={change.error} />
        </div>
      )}
      <Form<Passwords> layout="vertical" requiredMark={false} onFinish={(given) => change.mutate(given)}>
        <Form.Item
          name="old"
          label={t("password.old")}
          rules={[{ required: true, message: t("signin.password_missing") }]}
        >
          <Input.Password autoFocus autoComplete="current-password" maxLength={200} data-testid="password-old" />
        </Form.Item>
        <Form.Item
          name="new"
          label={t("password.new")}
          extra={t("password.rule", { n: SHORTEST })}
          rules={[{ required: true, min: SHORTEST, message: t("password.rule", { n: SHORTEST }) }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} data-testid="password-new" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t("password.again")}
          dependencies={["new"]}
          rules={[
            { required: true, message: t("password.again_missing") },
            ({ getFieldValue }) => ({
              validator: (_, value: string) =>
                !value || value === getFieldValue("new")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("password.differ"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} data-testid="password-again" />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          block
          size="large"
          loading={change.isPending}
          data-testid="password-submit"
        >
          {t("password.submit")}
        </Button>
        <Button type="text" block onClick={() => (forced ? void signOut() : void navigate(-1))}>
          {t(forced ? "account.sign_out" : "action.cancel")}
        </Button>
      </Form>
    </Threshold>
  );
}
