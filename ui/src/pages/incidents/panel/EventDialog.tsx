import { App, Button, Form, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";

import { useWords } from "../../../i18n/language";
import { Problem } from "../../../parts/States";
import styles from "../Incidents.module.css";
import { needsReason, type IncidentEvent } from "../lifeCycle";
import { useIncidentActions } from "../useIncidentActions";

interface Asked {
  id: number;
  event: IncidentEvent;
}

const LONGEST = 2000;
const QUICK_REASONS = ["test_traffic", "limit_outdated", "terminal_replaced"] as const;

/** Asks for the reason of an event, where one is needed or wanted, and carries the event out. */
export function useEventDialog(): { ask: (id: number, event: IncidentEvent) => void; element: ReactNode } {
  const { named, t } = useWords();
  const { message } = App.useApp();
  const { act } = useIncidentActions();
  const [asked, setAsked] = useState<Asked>();

  const carryOut = ({ id, event }: Asked, reason: string | null) =>
    act.mutate(
      { id, event, reason },
      {
        onSuccess: (incident) => {
          setAsked(undefined);
          void message.success(t("incident.now", { id, state: named("incident_state", incident.state) }));
        },
        onError: () => setAsked({ id, event }),
      },
    );
  const ask = (id: number, event: IncidentEvent) => {
    act.reset();
    if (event === "acknowledge") carryOut({ id, event }, null);
    else setAsked({ id, event });
  };
  const element =
    asked === undefined ? null : (
      <EventDialog
        key={`${asked.id}-${asked.event}`}
        asked={asked}
        error={act.error}
        busy={act.isPending}
        onCancel={() => setAsked(undefined)}
        onConfirm={(reason) => carryOut(asked, reason)}
      />
    );
  return { ask, element };
}

interface EventDialogProps {
  asked: Asked;
  error: unknown;
  busy: boolean;
  onCancel: () => void;
  onConfirm: (reason: string | null) => void;
}

function EventDialog({ asked: { id, event }, error, busy, onCancel, onConfirm }: EventDialogProps) {
  const { t, named } = useWords();
  const [form] = Form.useForm<{ reason?: string }>();
  const required = needsReason(event);
  return (
    <Modal
      open
      title={t("incident.event_title", { event: named("incident_event", event), id })}
      okText={named("incident_event", event)}
      cancelText={t("action.cancel")}
      confirmLoading={busy}
      onCancel={onCancel}
      onOk={() => form.submit()}
      okButtonProps={{ "data-testid": "event-confirm" }}
      width={480}
    >
      <p>{named("incident_event_note", event)}</p>
      {error !== null && error !== undefined && <Problem error={error} />}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ marginTop: 12 }}
        onFinish={({ reason = "" }) => onConfirm(reason.trim() === "" ? null : reason.trim())}
      >
        {required && (
          <div className={styles["quick"]}>
            {QUICK_REASONS.map((name) => (
              <Button key={name} size="small" onClick={() => form.setFieldValue("reason", t(`reason.${name}`))}>
                {t(`reason.${name}`)}
              </Button>
            ))}
          </div>
        )}
        <Form.Item
          name="reason"
          label={t(required ? "incident.reason" : "incident.reason_optional")}
          rules={required ? [{ required: true, whitespace: true, message: t("incident.reason_missing") }] : []}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={LONGEST}
            data-testid={event === "mark_false_positive" ? "false-positive-reason" : "event-reason"}
            onPressEnter={(press) => (press.ctrlKey || press.metaKey) && form.submit()}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
