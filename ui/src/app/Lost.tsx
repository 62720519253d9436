import { Button } from "antd";
import { Link, useRouteError } from "react-router";

import { useWords } from "../i18n/language";
import { Nothing } from "../parts/States";
import { Page } from "../parts/Page";

/** No page at this address. */
export function Lost() {
  const { t } = useWords();
  return (
    <Page title={t("lost.title")}>
      <Nothing title={t("lost.what")} next={t("lost.next")}>
        <Link to="/">{t("lost.home")}</Link>
      </Nothing>
    </Page>
  );
}

/** A page fell over: our fault. What was being done is still in the address. */
export function Broken() {
  const { t } = useWords();
  const error = useRouteError();
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (
    <main style={{ maxWidth: 640, margin: "12vh auto", padding: 20 }}>
      <Page title={t("broken.title")}>
        <Nothing title={t("broken.what")} next={t("broken.next")}>
          <Button type="primary" onClick={() => window.location.reload()}>
            {t("broken.reload")}
          </Button>
          <p style={{ marginTop: 12 }}>
            <code>{detail}</code>
          </p>
        </Nothing>
      </Page>
    </main>
  );
}
