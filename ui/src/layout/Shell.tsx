import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Suspense } from "react";
import { Link, NavLink, Outlet, ScrollRestoration } from "react-router";

import { setSideBar, useSideBar } from "../app/preferences";
import { useMe } from "../app/session";
import { useOpenIncidents } from "../api/queries";
import { useWords } from "../i18n/language";
import { Loading } from "../parts/States";
import { useNarrow } from "../theme/mediaQuery";
import { BottomBar } from "./BottomBar";
import { CardFinder } from "./CardFinder";
import { LanguageSwitch } from "./LanguageSwitch";
import { LiveMark } from "./LiveMark";
import { Logo } from "./Logo";
import { NAVIGATION, type DestinationGroup } from "./navigation";
import styles from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

/** The frame around every page behind the sign-in. */
export function Shell() {
  const { t } = useWords();
  const narrow = useNarrow();
  const folded = useSideBar() === "folded";
  return (
    <div className={styles["shell"]} data-folded={folded || undefined}>
      <a className={styles["skip"]} href="#main">
        {t("nav.skip")}
      </a>
      {!narrow && <SideBar folded={folded} />}
      <div>
        <header className={styles["head"]}>
          {narrow && (
            <Link to="/" className={styles["brand"]} aria-label={t("product.name")}>
              <Logo />
            </Link>
          )}
          <CardFinder className={styles["find"]} />
          <span className={styles["spacer"]} />
          <LiveMark />
          <LanguageSwitch />
          <UserMenu />
        </header>
        <main id="main" tabIndex={-1} className={styles["main"]}>
          <Suspense fallback={<Loading lines={10} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {narrow && <BottomBar />}
      <ScrollRestoration />
    </div>
  );
}

function SideBar({ folded }: { folded: boolean }) {
  const { t } = useWords();
  return (
    <div className={styles["side"]}>
      <Link to="/" className={styles["brand"]} aria-label={folded ? t("product.name") : undefined}>
        <Logo />
        <span className={styles["word"]}>
          {t("product.name")}
          <small>{t("product.what")}</small>
        </span>
      </Link>
      <nav className={styles["nav"]} aria-label={t("nav.name")}>
        {useDestinations().map((group) => (
          <Group key={group.name} group={group} folded={folded} />
        ))}
      </nav>
      <button type="button" className={styles["fold"]} onClick={() => setSideBar(folded ? "open" : "folded")}>
        {folded ? <MenuUnfoldOutlined aria-hidden /> : <MenuFoldOutlined aria-hidden />}
        <span className={folded ? "unseen" : undefined}>{t(folded ? "nav.unfold" : "nav.fold")}</span>
      </button>
    </div>
  );
}

function Group({ group, folded }: { group: DestinationGroup; folded: boolean }) {
  const { t } = useWords();
  const open = useOpenIncidents();
  return (
    <>
      <p className={styles["group"]}>{t(group.name)}</p>
      {group.destinations.map(({ to, name, icon, counts }) => (
        <NavLink
          key={to}
          to={to}
          end={to === "/"}
          className={styles["link"] ?? ""}
          title={folded ? t(name) : undefined}
        >
          {icon}
          <span className={folded ? "unseen" : styles["label"]}>{t(name)}</span>
          {counts && !folded && <OpenCount n={open} />}
        </NavLink>
      ))}
    </>
  );
}

export function OpenCount({ n }: { n: number | undefined }) {
  const { tn } = useWords();
  if (!n) return null;
  return (
    <span className={styles["count"]}>
      <span aria-hidden="true">{n > 999 ? "999+" : n}</span>
      <span className="unseen">{tn("nav.open_incidents", n)}</span>
    </span>
  );
}

/** The destinations this person may go to. */
export function useDestinations(): readonly DestinationGroup[] {
  const { permissions } = useMe();
  return NAVIGATION.map((group) => ({
    ...group,
    destinations: group.destinations.filter(({ needs }) => permissions.includes(needs)),
  })).filter((group) => group.destinations.length > 0);
}
