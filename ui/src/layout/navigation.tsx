import {
  AlertOutlined,
  ApiOutlined,
  AuditOutlined,
  BookOutlined,
  CreditCardOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  KeyOutlined,
  LinkOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  TrophyOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

import { NOT_CLOSED, ways } from "../app/ways";
import type { MessageKey } from "../i18n/messages";

export interface Destination {
  to: string;
  name: MessageKey;
  icon: ReactNode;
  /** Shown to those who have this permission only. */
  needs: string;
  /** The number of incidents not yet closed stands beside it. */
  counts?: boolean;
  /** Stands in the bar at the bottom of a phone. */
  thumb?: boolean;
}

export interface DestinationGroup {
  name: MessageKey;
  destinations: readonly Destination[];
}

export const NAVIGATION: readonly DestinationGroup[] = [
  {
    name: "nav.watch",
    destinations: [
      { to: "/", name: "nav.situation", icon: <DashboardOutlined />, needs: "situation:read", thumb: true },
      {
        to: ways.incidents({ state: NOT_CLOSED }),
        name: "nav.incidents",
        icon: <AlertOutlined />,
        needs: "incident:read",
        thumb: true,
        counts: true,
      },
    ],
  },
  {
    name: "nav.guarded",
    destinations: [
      { to: "/cards", name: "nav.cards", icon: <CreditCardOutlined />, needs: "card:read", thumb: true },
      { to: "/terminals", name: "nav.terminals", icon: <ApiOutlined />, needs: "terminal:read" },
      {
        to: ways.inspections(),
        name: "nav.inspections",
        icon: <SafetyCertificateOutlined />,
        needs: "inspection:read",
      },
      { to: ways.custody(), name: "nav.custody", icon: <LinkOutlined />, needs: "custody:read" },
      { to: ways.credit(), name: "nav.credit", icon: <TrophyOutlined />, needs: "credit:read" },
    ],
  },
  {
    name: "nav.grounds",
    destinations: [
      { to: "/sources", name: "nav.sources", icon: <DatabaseOutlined />, needs: "source:read", thumb: true },
      { to: "/rules", name: "nav.rules", icon: <BookOutlined />, needs: "rule:read" },
    ],
  },
  {
    name: "nav.admin",
    destinations: [
      { to: "/admin/users", name: "nav.users", icon: <TeamOutlined />, needs: "user:manage" },
      { to: "/admin/tokens", name: "nav.tokens", icon: <KeyOutlined />, needs: "token:manage" },
      { to: "/admin/audit", name: "nav.audit", icon: <AuditOutlined />, needs: "audit:read" },
    ],
  },
];
