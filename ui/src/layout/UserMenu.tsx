import { UserOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useNavigate } from "react-router";

import { setDensity, useDensity } from "../app/preferences";
import { useMe, useSignOut } from "../app/session";
import { useWords } from "../i18n/language";
import { useNarrow } from "../theme/mediaQuery";

export function UserMenu() {
  const { t, named } = useWords();
  const me = useMe();
  const narrow = useNarrow();
  const density = useDensity();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const name = me.display_name || me.name;
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: [
          {
            key: "who",
            type: "group",
            label: `${name} · ${named("role", me.role)}${me.enterprise === null ? "" : ` · ${me.enterprise.name}`}`,
          },
          { key: "density", label: t(density === "compact" ? "density.to_comfortable" : "density.to_compact") },
          { key: "password", label: t("account.change_password") },
          { type: "divider" },
          { key: "out", label: <span data-testid="sign-out">{t("account.sign_out")}</span> },
        ],
        onClick: ({ key }) => {
          if (key === "density") setDensity(density === "compact" ? "comfortable" : "compact");
          if (key === "password") void navigate("/password");
          if (key === "out") void signOut().then(() => navigate("/"));
        },
      }}
    >
      <Button
        icon={<UserOutlined />}
        aria-label={t("account.menu", { name })}
        style={{ minWidth: 34 }}
        data-testid="user-menu"
      >
        {narrow ? null : name}
      </Button>
    </Dropdown>
  );
}
