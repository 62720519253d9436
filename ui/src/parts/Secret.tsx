import { Modal, Typography } from "antd";

import { useWords } from "../i18n/language";

/** A secret that is told once: the reader copies it now or makes a new one. */
export function Secret({
  title,
  note,
  secret,
  onClose,
}: {
  title: string;
  note: string;
  secret: string;
  onClose: () => void;
}) {
  const { t } = useWords();
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      onOk={onClose}
      okText={t("secret.kept")}
      cancelButtonProps={{ style: { display: "none" } }}
    >
      <p>{note}</p>
      <Typography.Paragraph code copyable style={{ marginTop: 12, fontSize: 15, overflowWrap: "anywhere" }}>
        {secret}
      </Typography.Paragraph>
    </Modal>
  );
}
