import { MenuOutlined } from "@ant-design/icons";
import { Drawer } from "antd";
import { useState } from "react";
import { NavLink } from "react-router";

import { useOpenIncidents } from "../api/queries";
import { useWords } from "../i18n/language";
import { OpenCount, useDestinations } from "./Shell";
import styles from "./Shell.module.css";

/** The way about on a phone: the pages at hand, and the rest behind "more". */
export function BottomBar() {
  const { t } = useWords();
  const [more, setMore] = useState(false);
  const open = useOpenIncidents();
  const groups = useDestinations();
  const thumbs = groups.flatMap((group) => group.destinations).filter(({ thumb }) => thumb);
  return (
    <nav className={styles["bottom"]} aria-label={t("nav.name")}>
      {thumbs.map(({ to, name, icon, counts }) => (
        <NavLink key={to} to={to} end={to === "/"} className={styles["tab"] ?? ""}>
          {icon}
          <span>{t(name)}</span>
          {counts && <OpenCount n={open} />}
        </NavLink>
      ))}
      <button
        type="button"
        className={styles["tab"]}
        aria-expanded={more}
        onClick={() => setMore(true)}
        data-testid="nav-more"
      >
        <MenuOutlined aria-hidden />
        <span>{t("nav.more")}</span>
      </button>
      <Drawer open={more} placement="bottom" size="auto" title={t("nav.name")} onClose={() => setMore(false)}>
        {groups.map((group) => (
          <div key={group.name}>
            <p className={styles["group"]}>{t(group.name)}</p>
            {group.destinations.map(({ to, name, icon }) => (
              <NavLink
                key={to}
                to={to}
                end={to === "/"}
                className={styles["link"] ?? ""}
                onClick={() => setMore(false)}
              >
                {icon}
                <span className={styles["label"]}>{t(name)}</span>
              </NavLink>
            ))}
          </div>
        ))}
      </Drawer>
    </nav>
  );
}
