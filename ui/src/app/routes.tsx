import { lazy } from "react";
import { createBrowserRouter } from "react-router";

import Gate from "../pages/signin/Gate";
import { SetPassword } from "../pages/signin/SetPassword";
import { Broken, BrokenFrame, Lost } from "./Lost";

const SituationPage = lazy(() => import("../pages/situation/SituationPage"));
const IncidentsPage = lazy(() => import("../pages/incidents/IncidentsPage"));
const CardsPage = lazy(() => import("../pages/cards/CardsPage"));
const CardPage = lazy(() => import("../pages/card/CardPage"));
const TerminalsPage = lazy(() => import("../pages/terminals/TerminalsPage"));
const TerminalPage = lazy(() => import("../pages/terminals/TerminalPage"));
const InspectionsPage = lazy(() => import("../pages/inspections/InspectionsPage"));
const InspectionPage = lazy(() => import("../pages/inspections/InspectionPage"));
const NoticePage = lazy(() => import("../pages/inspections/NoticePage"));
const CustodyPage = lazy(() => import("../pages/custody/CustodyPage"));
const CreditPage = lazy(() => import("../pages/custody/CreditPage"));
const SourcesPage = lazy(() => import("../pages/sources/SourcesPage"));
const RulesPage = lazy(() => import("../pages/rules/RulesPage"));
const RulePage = lazy(() => import("../pages/rules/RulePage"));
const DraftPage = lazy(() => import("../pages/rules/DraftPage"));
const WhitelistPage = lazy(() => import("../pages/rules/WhitelistPage"));
const UsersPage = lazy(() => import("../pages/admin/UsersPage"));
const TokensPage = lazy(() => import("../pages/admin/TokensPage"));
const AuditPage = lazy(() => import("../pages/admin/AuditPage"));

export const router = createBrowserRouter([
  {
    path: "/",
    element: <Gate />,
    errorElement: <BrokenFrame />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: <SituationPage /> },
          { path: "incidents", element: <IncidentsPage /> },
          { path: "cards", element: <CardsPage /> },
          { path: "cards/:id", element: <CardPage /> },
          { path: "terminals", element: <TerminalsPage /> },
          { path: "terminals/:id", element: <TerminalPage /> },
          { path: "inspections", element: <InspectionsPage /> },
          { path: "inspections/:id", element: <InspectionPage /> },
          { path: "inspections/:id/enterprises/:enterprise", element: <NoticePage /> },
          { path: "custody", element: <CustodyPage /> },
          { path: "credit", element: <CreditPage /> },
          { path: "sources", element: <SourcesPage /> },
          { path: "rules", element: <RulesPage /> },
          { path: "rules/one/:id", element: <RulePage /> },
          { path: "rules/draft", element: <DraftPage /> },
          { path: "rules/whitelist", element: <WhitelistPage /> },
          { path: "admin/users", element: <UsersPage /> },
          { path: "admin/tokens", element: <TokensPage /> },
          { path: "admin/audit", element: <AuditPage /> },
          { path: "*", element: <Lost /> },
        ],
      },
    ],
  },
  { path: "/password", element: <SetPassword />, errorElement: <BrokenFrame /> },
]);
