import './register';

export { type AccessActions, type AccessName } from './access-matchers';
export { addMatchers, type Expect } from './add-matchers';
export { assertThat, type LintelAssertions, type SnapshotContext } from './assert-that';
export { normalizeGraph } from './graph-matcher';
export { matchers, type MatcherResult } from './matchers';
export { type LintelMatchers } from './register';
export { type RulesSource } from './rules-matcher';
export { normalizeTemplate } from './snapshot/normalize';
export { templateSerializer } from './snapshot/serializer';
export type {
  ArtifactSource,
  AssertionsSource,
  ModelSource,
  StackSource,
  StageSource,
  TemplateJson,
  TemplateSource,
} from './sources';
export { runLocally } from './local/run-locally';
export { type RunSource } from './local/kernel/assembly';
export { type LocalRunOptions } from './local/options';
export { type ClientConfig, type Credentials } from './local/kernel/client-config';
export { type LocalRun } from './local/local-run';
export {
  type LocalQueueHandle,
  type QueueDepth,
  type QueueMessage,
  type SendOptions,
} from './local/services/sqs/handle';
export { type LocalPostgres, type LocalProxy } from './local/services/rds/handle';
export { type LocalTopic, type PublishedMessage, type PublishOptions } from './local/services/sns/handle';
export { type ExecutionStep, type LocalExecution, type LocalMachine } from './local/services/states/handle';
export { StateMachineFailed } from './local/services/states/machine-failed';
export { type FiredSchedule } from './local/services/schedules/due';
export { LocalRunError } from './local/kernel/errors';
export { FunctionError, ThrottledError } from './local/lambda/function-errors';
export { type LogEntry } from './local/kernel/logs';
export {
  type DeniedAccess,
  type FunctionAccess,
  type Grant,
  type InvocationCounts,
  type LocalRunReport,
  type RoleAccess,
  type RoleUse,
  type UsedAccess,
} from './local/report';
export { type Unsupported } from './local/kernel/unsupported';
export { type KeySet, type TokenIssuers } from './local/kernel/tokens';
export type { Fake } from './edge/fakes/fake-service';
export { ModelError, type ModelFailure } from './edge/models/model-error';
export {
  type ModelAnswer,
  type ModelCall,
  type ModelScript,
  type ScriptedModel,
  scriptedModel,
} from './edge/models/scripted-model';
export { type ModelText } from './edge/models/texts';
export { runEdgeLocally, type RunEdgeOptions } from './edge/run-edge-locally';
export type { WorkerStub } from './edge/stubs';
export { type EdgeRun, type EdgeRunReport, type FireOptions, type WorkerCounts } from './edge/edge-run';
export {
  type EdgeRequest,
  type LocalBucket,
  type LocalDatabase,
  type LocalQueue,
  type LocalStore,
  type LocalVector,
  type LocalVectors,
  type LocalWorker,
  type Row,
} from './edge/handles';
