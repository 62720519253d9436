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

/** A page fell over: our fault, unless its code could not be fetched. What was being done is still in the address. */
export function Broken() {
  const { t } = useWords();
  const error = useRouteError();
  const unfetched = isUnfetched(error);
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (
    <Page title={t(unfetched ? "broken.unfetched" : "broken.title")}>
      <Nothing
        title={t(unfetched ? "broken.unfetched_what" : "broken.what")}
        next={t(unfetched ? "broken.unfetched_next" : "broken.next")}
      >
        <Button type="primary" onClick={() => window.location.reload()}>
          {t("broken.reload")}
        </Button>
        {!unfetched && (
          <p style={{ marginTop: 12 }}>
            <code>{detail}</code>
          </p>
        )}
      </Nothing>
    </Page>
  );
}

/** The same, where not even the frame stands. */
export function BrokenFrame() {
  return (
    <main style={{ maxWidth: 640, margin: "12vh auto", padding: 20 }}>
      <Broken />
    </main>
  );
}

/** How Vite and the browsers say that a part of the console could not be fetched. */
const UNFETCHED = /dynamically imported module|module script failed|preload CSS/i;

function isUnfetched(error: unknown): boolean {
  return error instanceof Error && UNFETCHED.test(error.message);
}
