import { Button, Input, Select } from "antd";
import { useState } from "react";

import type { IncidentDetail } from "../../../api/model";
import { useUserNames } from "../../../api/queries";
import { useMay, useMe } from "../../../app/session";
import { useWords } from "../../../i18n/language";
import { Problem } from "../../../parts/States";
import styles from "../Incidents.module.css";
import { useIncidentActions } from "../useIncidentActions";

const LONGEST = 4000;

/** Who works on it, and what there is to say. */
export function Talk({ incident }: { incident: IncidentDetail }) {
  const mayAssign = useMay("incident:assign");
  const mayComment = useMay("incident:comment");
  return (
    <>
      {mayAssign && <Assignee incident={incident} />}
      {mayComment && <Comment incident={incident} />}
    </>
  );
}

function Assignee({ incident }: { incident: IncidentDetail }) {
  const { t } = useWords();
  const me = useMe();
  const users = useUserNames();
  const { assign } = useIncidentActions();
  const hand = (name: string | null) => assign.mutate({ id: incident.id, name });
  return (
    <>
      <div className={styles["assign"]}>
        <Select
          aria-label={t("field.assignee")}
          value={incident.assignee}
          placeholder={t("incident.nobody")}
          allowClear
          loading={assign.isPending}
          options={(users.data?.rows ?? []).map(({ name, display_name }) => ({ value: name, label: display_name }))}
          onChange={(name: string | undefined) => hand(name ?? null)}
          data-testid="assignee"
        />
        {incident.assignee !== me.name && (
          <Button onClick={() => hand(me.name)} loading={assign.isPending} data-testid="assign-to-me">
            {t("incident.take")}
          </Button>
        )}
      </div>
      {assign.isError && <Problem error={assign.error} />}
    </>
  );
}

function Comment({ incident }: { incident: IncidentDetail }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const { comment } = useIncidentActions();
  const send = () => {
    if (text.trim() !== "") comment.mutate({ id: incident.id, text: text.trim() }, { onSuccess: () => setText("") });
  };
  return (
    <div className={styles["comment"]}>
      <Input.TextArea
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={(event) => (event.ctrlKey || event.metaKey) && send()}
        placeholder={t("incident.comment")}
        aria-label={t("incident.comment")}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={LONGEST}
        data-testid="comment-text"
      />
      {comment.isError && <Problem error={comment.error} />}
      <Button onClick={send} disabled={text.trim() === ""} loading={comment.isPending} data-testid="comment-send">
        {t("incident.comment_send")}
      </Button>
    </div>
  );
}
