import { useMutation } from "@tanstack/react-query";
import { Form, Input, Modal, Select } from "antd";
import { useState } from "react";

import { api, body } from "../../api/client";
import { useCardClasses, useEnterprises, useRules } from "../../api/queries";
import { useWords } from "../../i18n/language";
import { Problem } from "../../parts/States";
import { LONGEST_NOTE } from "./draft";
import { DEFAULT_DAYS, MOST_DAYS, dayAfter, endOfDay, mayEnd } from "./whitelist";

const REACHES = ["card", "enterprise", "card_class"] as const;

interface Wish {
  rule?: string;
  reach: (typeof REACHES)[number];
  target: string;
  operator?: string;
  reason: string;
  until: string;
}

export function NewEntryDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { t, named, pick } = useWords();
  const rules = useRules();
  const [now] = useState(Date.now);
  const [form] = Form.useForm<Wish>();
  const [reach, setReach] = useState<Wish["reach"]>("card");
  const add = useMutation({
    mutationFn: ({ rule, operator, until, ...wish }: Wish) =>
      body(
        api.POST("/api/v1/whitelist", {
          body: { ...wish, rule: rule ?? null, operator: operator ?? null, until: endOfDay(until) ?? until },
        }),
      ),
    onSuccess: onAdded,
  });
  const inUse = rules.data?.rows.filter(({ in_use, source }) => in_use && source !== "platform") ?? [];
  return (
    <Modal
      open
      title={t("whitelist.add")}
      okText={t("whitelist.add")}
      cancelText={t("action.cancel")}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      okButtonProps={{ "data-testid": "whitelist-confirm" }}
    >
      <p>{t("whitelist.add_note")}</p>
      {add.isError && <Problem error={add.error} />}
      <Form<Wish>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ reach: "card", until: dayAfter(now, DEFAULT_DAYS) }}
        onFinish={(wish) => add.mutate(wish)}
        style={{ marginTop: 12 }}
      >
        <Form.Item name="rule" label={t("field.rule")}>
          <Select
            allowClear
            placeholder={t("whitelist.every_rule")}
            options={inUse.map(({ id, title }) => ({ value: id, label: `${id} ${pick(title)}` }))}
          />
        </Form.Item>
        <Form.Item name="reach" label={t("whitelist.reach")}>
          <Select
            options={REACHES.map((value) => ({ value, label: named("whitelist_reach", value) }))}
            onChange={(next: Wish["reach"]) => {
              setReach(next);
              form.resetFields(["target", "operator"]);
            }}
          />
        </Form.Item>
        <Target reach={reach} />
        <Form.Item
          name="reason"
          label={t("whitelist.reason")}
          rules={[{ required: true, whitespace: true, message: t("whitelist.reason_missing") }]}
        >
          <Input.TextArea rows={2} maxLength={LONGEST_NOTE} data-testid="whitelist-reason" />
        </Form.Item>
        <Form.Item
          name="until"
          label={t("whitelist.until_day")}
          rules={[
            {
              validator: async (_, day: string) => {
                if (!mayEnd(day, now)) throw new Error(t("whitelist.until_wrong", { days: MOST_DAYS }));
                await Promise.resolve();
              },
            },
          ]}
        >
          <Input type="date" min={dayAfter(now, 0)} max={dayAfter(now, MOST_DAYS - 1)} data-testid="whitelist-until" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Which card, enterprise or class is meant. */
function Target({ reach }: { reach: Wish["reach"] }) {
  const { t, named } = useWords();
  const enterprises = useEnterprises().data?.rows ?? [];
  const classes = useCardClasses().data?.rows ?? [];
  const rules = [{ required: true, whitespace: true, message: t("whitelist.target_missing") }];
  const companies = enterprises.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }));
  if (reach === "card")
    return (
      <Form.Item name="target" label={t("whitelist.card_number")} rules={rules}>
        <Input autoFocus autoComplete="off" maxLength={64} data-testid="whitelist-target" />
      </Form.Item>
    );
  const choices = reach === "enterprise" ? companies : classes.map(({ code }) => ({ value: code, label: code }));
  return (
    <>
      <Form.Item name="target" label={named("whitelist_reach", reach)} rules={rules}>
        <Select showSearch={{ optionFilterProp: "label" }} options={choices} />
      </Form.Item>
      {reach === "card_class" && (
        <Form.Item name="operator" label={t("field.operator")} extra={t("whitelist.operator_note")}>
          <Select allowClear showSearch={{ optionFilterProp: "label" }} options={companies} />
        </Form.Item>
      )}
    </>
  );
}
