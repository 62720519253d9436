import { DownloadOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";

import { useWords } from "../../i18n/language";
import styles from "./Inspections.module.css";

/** The same as a page to print and as a table, in the language on screen. */
export function Files({ path }: { path: string }) {
  const { t, language } = useWords();
  const address = (ending: string) => `/api/v1${path}/file.${ending}?language=${language}`;
  return (
    <div className={styles["files"]}>
      <Button icon={<PrinterOutlined aria-hidden />} href={address("html")} download data-testid="notice-html">
        {t("inspections.html")}
      </Button>
      <Button icon={<DownloadOutlined aria-hidden />} href={address("csv")} download data-testid="notice-csv">
        {t("inspections.csv")}
      </Button>
    </div>
  );
}
