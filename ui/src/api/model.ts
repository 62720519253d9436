/** Short names for the shapes of the API document; `schema.d.ts` is generated from it. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Situation = Schemas["Situation"];
export type Coverage = Schemas["Coverage"];
export type RuleTotals = Schemas["RuleTotals"];
export type AreaTotals = Schemas["AreaTotals"];
export type SourceRow = Schemas["SourceRow"];
export type IntakeRow = Schemas["IntakeRow"];
export type QuarantineRow = Schemas["QuarantineRow"];
export type CardRow = Schemas["CardRow"];
export type CardDetail = Schemas["CardDetail"];
export type CardRecordRow = Schemas["CardRecordRow"];
export type CardBinding = Schemas["CardBinding"];
export type EffectiveLimit = Schemas["EffectiveLimit"];
export type FunctionUse = Schemas["FunctionUse"];
export type IncidentRow = Schemas["IncidentRow"];
export type IncidentDetail = Schemas["IncidentDetail"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type MeasureView = Schemas["MeasureView"];
export type EvidenceView = Schemas["EvidenceView"];
export type TerminalRow = Schemas["TerminalRow"];
export type TerminalDetail = Schemas["TerminalDetail"];
export type RuleRow = Schemas["RuleRow"];
export type UserRow = Schemas["UserRow"];
export type TokenRow = Schemas["TokenRow"];
export type AuditRow = Schemas["AuditRow"];
export type EnterpriseRef = Schemas["EnterpriseRef"];
export type InspectionHead = Schemas["InspectionHead"];
export type NoticeRow = Schemas["NoticeRow"];
export type NoticeDetail = Schemas["NoticeDetail"];
export type LateCardRow = Schemas["LateCardRow"];
export type CardStatistics = Schemas["CardStatistics"];
export type IncidentStatistics = Schemas["IncidentStatistics"];
export type TallyFields = Schemas["TallyFields"];
