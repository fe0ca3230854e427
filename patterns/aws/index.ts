export { Access } from '../../lib/aws/access/access';
export { type BucketAccess, type BucketOptions, type BucketReadOptions } from '../../lib/aws/access/bucket';
export {
  Capability,
  type AccessMap,
  type AccessStatement,
  type CapabilityProps,
} from '../../lib/aws/access/capability';
export { type CustomAccessProps } from '../../lib/aws/access/custom';
export { type TableAccess, type TableReadOptions, type TableWriteOptions } from '../../lib/aws/access/table';
export { type BundlingOptions } from '../../lib/aws/bundle';
export {
  type FunctionSource,
  type HandlerSource,
  ServiceFunction,
  type ServiceFunctionProps,
} from '../../lib/aws/service-function';
export { type ApiAuthorizer, type JwtIssuer } from '../../lib/aws/api/authorizer';
export { type UserPoolAuthorizer } from '../../lib/aws/api/user-pool';
export { type CorsProps } from '../../lib/aws/api/cors';
export { type DomainProps } from '../../lib/aws/api/domain';
export { type ApiKind } from '../../lib/aws/api/route-key';
export { type ApiRoute, type RouteOptions, type RouteProps } from '../../lib/aws/api/routes';
export { type QuotaProps, type UsagePlanProps, type UsagePlans } from '../../lib/aws/api/usage-plans';
export {
  type ApiDomainProps,
  type OwnDomainProps,
  type SharedDomainProps,
  type TruststoreProps,
} from '../../lib/aws/api/api-domain';
export { type ApiEndpoint, type PrivateEndpoint } from '../../lib/aws/api/endpoint';
export { type Firewall } from '../../lib/aws/api/firewall';
export { type ValidateProps } from '../../lib/aws/api/validate';
export { type ThrottleProps } from '../../lib/aws/api/throttle';
export { type ExistingApi } from '../../lib/aws/api/adopted';
export { type ApiStage } from '../../lib/aws/api/stage';
export { ServerlessApi } from './serverless-api';
export { openApiRoutes, type OpenApiRoutesOptions } from '../../lib/aws/api/openapi/routes';
export { type LeftToHandlers } from '../../lib/aws/api/openapi/unenforced';
export { type SchemeAuthorizers } from '../../lib/aws/api/openapi/security';
export type { ServerlessApiProps } from '../../lib/aws/api/api-props';
export { Defaults } from '../../lib/aws/defaults/defaults';
export type { AlarmDefaults, FunctionDefaults, LogDefaults, TableDefaults } from '../../lib/aws/defaults/props';
export { EntityTable } from '../../lib/aws/entity-table';
export {
  type EntityTableProps,
  type KeyAttribute,
  type TableIndex,
  type TableIndexProps,
} from '../../lib/aws/entity-table-props';
export { ConcurrencyBudget, type ConcurrencyBudgetProps, type ConcurrencyShare } from './concurrency-budget';
export { ScheduledJob, type ScheduledJobProps } from './scheduled-job';
export { WorkQueue } from '../../lib/aws/work-queue';
export { type WorkQueueProps } from '../../lib/aws/work-queue-props';
export { type QueueConsumer } from '../../lib/aws/queue-times';
export { Alarms } from '../../lib/aws/alarms/alarms';
export { type AlarmsProps, type WatchedApi, type WatchedMetric } from '../../lib/aws/alarms/props';
export { type AlarmName, type AlarmSetting, type AlarmSettings } from '../../lib/aws/alarms/settings';
export { type AlarmsOf } from '../../lib/aws/alarms/watched-by';
export { type StreamBatch } from '../../lib/aws/stream-mapping';
export { StreamProcessor } from './stream-processor';
export { type StreamProcessorProps } from '../../lib/aws/stream-processor-props';
export { type StreamSource } from '../../lib/aws/stream-source';
export { type FailureDestination } from '../../lib/aws/failure-destination';
export { type ProvisionedPollers, type QueueBatch } from '../../lib/aws/queue-consumption';
export { QueueWorker, type QueueWorkerProps } from './queue-worker';
export { WebhookReceiver, type WebhookReceiverProps } from './webhook-receiver';
export { type WebhookSender } from '../../lib/aws/webhook/presets';
export {
  type HmacSignature,
  type PresetSignature,
  type SigningSecret,
  type WebhookSignature,
} from '../../lib/aws/webhook/webhook-signature';
export { type FileChange } from '../../lib/aws/files/changes';
export { type KeyParts } from '../../lib/aws/files/keys';
export { type Lifecycle, type LifecycleRule } from '../../lib/aws/files/lifecycle';
export { FileProcessor } from './file-processor';
export { type FileProcessorProps } from '../../lib/aws/files/processor-props';
export { EventHub, type EventHubProps } from './event-hub';
export { type PublishProps } from '../../lib/aws/event-hub/publish';
export { type AsyncApiInfo } from '../../lib/aws/event-hub/async-api';
export { type SubscribeProps } from '../../lib/aws/event-hub/subscribe-props';
export { eventSchemaChanges } from '../../lib/core/event-schema/changes';
export { type JsonSchema } from '../../lib/core/event-schema/json-schema';
export { type EventSchemas } from '../../lib/aws/event-hub/schemas';
export { type AcceptProps } from '../../lib/aws/event-hub/accept';
export { type Forwarding } from '../../lib/aws/event-hub/forward';
export { type ForwardProps } from './event-hub-forwards';
export { Subscription, type SubscriptionProps } from './subscription';
export { Saga, type SagaProps, type SagaStartOptions } from './saga';
export {
  type SagaEach,
  type SagaGroup,
  type SagaNode,
  type SagaRetry,
  type SagaStep,
  type SagaWork,
} from '../../lib/aws/saga/steps';
export { EventStore } from './event-store';
export { Projection, type ProjectionProps } from '../../lib/aws/event-store/projection';
export { Publication, type PublishToProps } from '../../lib/aws/event-store/publication';
export { type EventStoreProps, type PersonalFields } from '../../lib/aws/event-store/store-props';
export { PooledDatabase } from './pooled-database';
export {
  type ConnectOptions,
  type DatabaseAdministrator,
  type DatabaseCapacity,
  type MigrationProps,
  type PooledDatabaseProps,
  type UserRights,
} from '../../lib/aws/database/database-props';
export { type ConnectionShare } from '../../lib/aws/database/budget';
export { HttpDatabase, type HttpDatabaseProps } from './http-database';
export { type HttpDatabaseKind } from '../../lib/aws/database/http-kinds';
