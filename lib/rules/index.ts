export { LintelChecks, type LintelChecksProps } from './plugin';
export { enforce, type EnforceOptions, type NagPackName } from './enforce';
export { judge, type JudgeOptions } from './judge';
export { RULES } from './rules/registry';
export { type AcceptedChange, type Config, type Profile, type RuleSetting } from './config/config';
export { findConfig, readConfig } from './config/read-config';
export { selectRules, type Selection } from './config/select-rules';
export {
  type AcknowledgedFinding,
  type Report,
  type ReportedFailure,
  type ReportedFinding,
  type Summary,
} from './report/report';
export { jsonReport } from './report/json';
export { markdownReport } from './report/markdown';
export { sarifReport, type SarifOptions } from './report/sarif';
export { textReport, type TextOptions } from './report/text';
export {
  booleans,
  each,
  type Failed,
  type Finding,
  type Judgement,
  type Known,
  known,
  numbers,
  type Rule,
  RuleContext,
  type Severity,
  texts,
  type Undecided,
  undecided,
} from './rule';
export { type GraphResource, type ResourceGraph } from '../core/model/graph';
export { type Acknowledgement, Model, type Resource, type SourceLocation, type Template } from '../core/model/model';
export { read } from '../core/model/read';
export { readAssembly } from '../core/model/read-assembly';
export { ReadError } from '../core/model/read-error';
export { type GraphOptions, readGraph } from '../core/model/read-graph';
export { readTemplate, type TemplateOptions } from '../core/model/read-template';
export { at, eachBranch, entries, items, literal, together } from '../core/model/select';
export { Choice, Reference, Secret, Text, Unknown, type Value, type ValueMap } from '../core/model/values';
