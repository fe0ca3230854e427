export { EdgeBucket, type EdgeBucketArgs } from './edge-bucket';
export { EdgeAi, type EdgeAiArgs, type EdgeAiGateway } from './edge-ai';
export { EdgeApi, type EdgeApiArgs, type EdgeCall } from './edge-api';
export { EdgeCron, type EdgeCronArgs } from './edge-cron';
export { type DatabaseUse, EdgeDatabase, type EdgeDatabaseArgs } from './edge-database';
export { EdgeGateway } from './edge-gateway';
export { EdgeHttpDatabase, type EdgeHttpDatabaseArgs } from './edge-http-database';
export { EdgeHub } from './edge-hub';
export { EdgePool, type EdgePoolArgs } from './edge-pool';
export { EdgeQueueWorker, type EdgeQueueWorkerArgs } from './edge-queue-worker';
export { EdgeRoom, type EdgeRoomArgs } from './edge-room';
export { EdgeSite, type EdgeSiteArgs } from './edge-site';
export { EdgeStore, type EdgeStoreArgs } from './edge-store';
export { EdgeVectors, type EdgeVectorsArgs } from './edge-vectors';
export { EdgeTail, type EdgeTailArgs } from './edge-tail';
export { EdgeWorkflow, type EdgeWorkflowArgs } from './edge-workflow';
export { ScopedToken, type ScopedTokenArgs } from './scoped-token';
export { bind, type Access, type ApiPermission, type Binding, type Capability } from '../../lib/edge/capability';
export { type BucketNotification, type LifecycleRule } from '../../lib/edge/bucket-rules';
export { type ConsumedQueue, type EdgeConsumes, type EdgeConsumesArgs } from '../../lib/edge/api-queues';
export { type AccountArgs } from '../../lib/edge/check-args';
export { type EdgeBatch, type EdgeConsumerArgs } from '../../lib/edge/consumer-args';
export { type EdgeSchedule } from '../../lib/edge/schedule';
export {
  type EdgeGatewayArgs,
  type ExperimentVariant,
  type ClaimValue,
  type GatewayAlgorithm,
  type GatewayAuthorizer,
  type GatewayCors,
  type GatewayGeo,
  type GatewayHeaders,
  type GatewayRateLimit,
} from '../../lib/edge/gateway-args';
export {
  type EdgeAcceptArgs,
  type EdgeChoice,
  type EdgeForwardArgs,
  type EdgeHubArgs,
  type EdgePublishArgs,
  type EdgeSubscribeArgs,
} from '../../lib/edge/hub-args';
export { type DurableObjectMigration } from '../../lib/edge/migration-ledger';
export { isPreview } from '../../lib/edge/preview';
export { type EdgeNear, type EdgePlacement } from '../../lib/edge/placement';
export { type EdgeJurisdiction, type EdgeLocation, type PlaceArgs } from '../../lib/edge/places';
export { type PoolOrigin, type PoolTls, type PoolTlsMode } from '../../lib/edge/pool/origin';
export { type EdgeDomain, type EdgeRoute, type RouteArgs, type Routes } from '../../lib/edge/routes';
export { type Worker, type WorkerArgs } from '../../lib/edge/worker';
export { type MetadataType, type VectorIndex, type VectorMetric } from '../../lib/edge/vectorize/vector-index';
export { type EdgeJson, type EdgeJsonPart, type EdgeVariable } from '../../lib/edge/variables';
export { type EdgeConsumer, type EdgeLogs, type EdgeTelemetry, type TelemetryArgs } from '../../lib/edge/telemetry';
export { type EdgeDeploy, type GradualWorker } from '../../lib/edge/gradual';
