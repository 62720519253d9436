import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useEffect } from "react";

import { api, body } from "../../api/client";
import { useEnter } from "../../app/session";
import { useWords } from "../../i18n/language";
import { Problem } from "../../parts/States";
import { Threshold } from "./Threshold";
import styles from "./Threshold.module.css";

interface Credentials {
  name: string;
  password: string;
}

export function SignIn() {
  const { t } = useWords();
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: (given: Credentials) => body(api.POST("/api/v1/session", { body: given })),
    onSuccess: enter,
  });
  useEffect(() => {
    document.title = `${t("signin.title")} · ${t("product.name")}`;
  }, [t]);
  return (
    <Threshold>
      <h1>{t("signin.title")}</h1>
      {signIn.isError && (
        <div className={styles["refused"]}>
          <Problem error={signIn.error} />
        </div>
      )}
      <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(given) => signIn.mutate(given)}>
        <Form.Item name="name" label={t("signin.name")} rules={[{ required: true, message: t("signin.name_missing") }]}>
          <Input autoFocus autoComplete="username" maxLength={100} size="large" data-testid="signin-name" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("signin.password")}
          rules={[{ required: true, message: t("signin.password_missing") }]}
        >
          <Input.Password autoComplete="current-password" maxLength={200} size="large" data-testid="signin-password" />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          block
          size="large"
          loading={signIn.isPending}
          data-testid="signin-submit"
        >
          {t("signin.submit")}
        </Button>
      </Form>
    </Threshold>
  );
}
