import { useMutation } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";

import { api, body } from "../../api/client";
import { useEnterprises } from "../../api/queries";
import { useWords } from "../../i18n/language";
import { LANGUAGES, type Language } from "../../i18n/messages";
import { Problem } from "../../parts/States";

const ROLES = ["analyst", "fleet_owner", "engineer", "regulator", "admin"] as const;
const NAME_FORM = /^[a-z0-9][a-z0-9._-]{1,63}$/;

interface Wish {
  name: string;
  display_name: string;
  role: (typeof ROLES)[number];
  enterprise?: string;
  language: Language;
}

export function NewUserDialog({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded: (name: string, password: string) => void;
}) {
  const { t, named, language } = useWords();
  const enterprises = useEnterprises();
  const [form] = Form.useForm<Wish>();
  const add = useMutation({
    mutationFn: (wish: Wish) =>
      body(api.POST("/api/v1/users", { body: { ...wish, enterprise: wish.enterprise ?? null } })),
    onSuccess: ({ user, one_time_password }) => onAdded(user.name, one_time_password),
  });
  return (
    <Modal
      open
      title={t("users.add")}
      okText={t("users.add")}
      cancelText={t("action.cancel")}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {add.isError && <Problem error={add.error} />}
      <Form<Wish>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: "analyst", language }}
        onFinish={(wish) => add.mutate(wish)}
        style={{ marginTop: 12 }}
      >
        <Form.Item
          name="name"
          label={t("signin.name")}
          extra={t("users.name_rule")}
          rules={[{ required: true, pattern: NAME_FORM, message: t("users.name_rule") }]}
        >
          <Input autoFocus autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item
          name="display_name"
          label={t("users.display_name")}
          rules={[{ required: true, whitespace: true, message: t("users.display_name_missing") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="role" label={t("users.role")}>
          <Select options={ROLES.map((value) => ({ value, label: named("role", value) }))} />
        </Form.Item>
        <Form.Item name="enterprise" label={t("field.enterprise")} extra={t("users.enterprise_note")}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("users.every_enterprise")}
            options={(enterprises.data?.rows ?? []).map(({ code, name }) => ({
              value: code,
              label: `${name} (${code})`,
            }))}
          />
        </Form.Item>
        <Form.Item name="language" label={t("language.choose")}>
          <Select options={LANGUAGES.map((value) => ({ value, label: named("language", value) }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
