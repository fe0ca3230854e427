import './register';

export { type AccessActions, type AccessName } from './access-matchers';
export { normalizeGraph } from './graph-matcher';
export { matchers, type MatcherResult } from './matchers';
export { type ModelSource } from './model-of';
export { type LintelMatchers } from './register';
export { type RulesSource } from './rules-matcher';
export { normalizeTemplate } from './snapshot/normalize';
export { templateSerializer } from './snapshot/serializer';
export { type TemplateJson, type TemplateSource } from './snapshot/template-of';
export { runLocally } from './local/run-locally';
export { type RunSource } from './local/assembly';
export { type LocalRunOptions } from './local/options';
export { type ClientConfig, type Credentials, type LocalRun } from './local/local-run';
export { type LocalQueueHandle, type QueueDepth, type QueueMessage, type SendOptions } from './local/local-queue';
export { type FiredSchedule } from './local/schedules/due';
export { LocalRunError } from './local/errors';
export { FunctionError, ThrottledError } from './local/function-errors';
export { type LogEntry } from './local/logs';
export {
  type DeniedAccess,
  type FunctionAccess,
  type Grant,
  type InvocationCounts,
  type LocalRunReport,
  type UsedAccess,
} from './local/report';
export { type Unsupported } from './local/unsupported';
export { type KeySet, type TokenIssuers } from './local/service';
export { runEdgeLocally, type RunEdgeOptions } from './edge/run-edge-locally';
export {
  type EdgeRequest,
  type EdgeRun,
  type LocalBucket,
  type LocalDatabase,
  type LocalQueue,
  type LocalStore,
  type LocalWorker,
  type Row,
} from './edge/edge-run';
