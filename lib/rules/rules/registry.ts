// Written by `npm run rules` from the files of the rules; do not edit.
import { actionResource } from './access/action-resource';
import { administratorAccess } from './access/administrator-access';
import { alarmAction } from './observability/alarm-action';
import { alarmDimensions } from './observability/alarm-dimensions';
import { alarmRuleBus } from './observability/alarm-rule-bus';
import { alarmSettings } from './observability/alarm-settings';
import { alarmTopicKey } from './observability/alarm-topic-key';
import { alarmTopicPolicy } from './observability/alarm-topic-policy';
import { allowNotAction } from './access/allow-not-action';
import { apiAccessLogs } from './apis/api-access-logs';
import { apiCacheEncryption } from './apis/api-cache-encryption';
import { apiDataTrace } from './apis/api-data-trace';
import { apiDeploymentOrder } from './apis/api-deployment-order';
import { apiLogFormat } from './apis/api-log-format';
import { apiRequestValidation } from './apis/api-request-validation';
import { apiRouteAuthorizer } from './apis/api-route-authorizer';
import { apiThrottling } from './apis/api-throttling';
import { apiTlsVersion } from './apis/api-tls-version';
import { apiTracing } from './apis/api-tracing';
import { asynchronousFailureDestination } from './functions/asynchronous-failure-destination';
import { authorizerMatch } from './apis/authorizer-match';
import { autoPauseProxy } from './data/auto-pause-proxy';
import { bucketNotificationOverlap } from './events/bucket-notification-overlap';
import { bucketNotificationWriters } from './events/bucket-notification-writers';
import { bucketPublic } from './data/bucket-public';
import { busRetention } from './events/bus-retention';
import { callbackHeartbeat } from './state-machines/callback-heartbeat';
import { callbackToken } from './state-machines/callback-token';
import { catchDataLimit } from './state-machines/catch-data-limit';
import { catchKeepsError } from './states/catch-keeps-error';
import { catchRuntime } from './states/catch-runtime';
import { compensationMissing } from './states/compensation-missing';
import { confusedDeputy } from './access/confused-deputy';
import { connectCondition } from './databases/connect-condition';
import { connectionBudget } from './databases/connection-budget';
import { corsCredentials } from './apis/cors-credentials';
import { databaseBackup } from './data/database-backup';
import { databaseEncryption } from './data/database-encryption';
import { databaseNetworkWide } from './databases/database-network-wide';
import { databasePublic } from './data/database-public';
import { deadLetterQueueAlarm } from './observability/dead-letter-queue-alarm';
import { deletionProtection } from './data/deletion-protection';
import { deliveryKey } from './events/delivery-key';
import { deliveryPolicy } from './events/delivery-policy';
import { distributedMapVariable } from './states/distributed-map-variable';
import { durableFunctionQualified } from './functions/durable-function-qualified';
import { edgeAiGateway } from './edge/edge-ai-gateway';
import { edgeBucketCors } from './edge/edge-bucket-cors';
import { edgeCompatibilityDate } from './edge/edge-compatibility-date';
import { edgeCron } from './edge/edge-cron';
import { edgeDurableObjectMigration } from './edge/edge-durable-object-migration';
import { edgeObservability } from './edge/edge-observability';
import { edgePlaintextSecret } from './edge/edge-plaintext-secret';
import { edgePoolPassword } from './edge/edge-pool-password';
import { edgeProtection } from './edge/edge-protection';
import { edgePublicBucket } from './edge/edge-public-bucket';
import { edgeQueueDeadLetterQueue } from './edge/edge-queue-dead-letter-queue';
import { edgeQueueSettings } from './edge/edge-queue-settings';
import { edgeTokenScope } from './edge/edge-token-scope';
import { edgeWorkerLimits } from './edge/edge-worker-limits';
import { edgeWorkersCaching } from './edge/edge-workers-caching';
import { edgeWorkersDev } from './edge/edge-workers-dev';
import { edgeZoneTls } from './edge/edge-zone-tls';
import { encryptedTransport } from './data/encrypted-transport';
import { encryptionKeyPermission } from './access/encryption-key-permission';
import { errorCaught } from './states/error-caught';
import { errorName } from './states/error-name';
import { eventForwardedOnce } from './events/event-forwarded-once';
import { eventLoop } from './events/event-loop';
import { eventLoopHops } from './events/event-loop-hops';
import { eventPatternCatchAll } from './events/event-pattern-catch-all';
import { eventPatternLostWay } from './events/event-pattern-lost-way';
import { eventPatternSyntax } from './events/event-pattern-syntax';
import { eventStoreAppendOnly } from './data/event-store-append-only';
import { expressCompensation } from './states/express-compensation';
import { expressDuration } from './state-machines/express-duration';
import { expressIntegrations } from './state-machines/express-integrations';
import { expressLogs } from './state-machines/express-logs';
import { extensionCache } from './functions/extension-cache';
import { failureDestinationPermission } from './functions/failure-destination-permission';
import { fifoSettings } from './queues/fifo-settings';
import { filterCatchAll } from './events/filter-catch-all';
import { filterPatternSyntax } from './events/filter-pattern-syntax';
import { filterUnknownField } from './events/filter-unknown-field';
import { firehoseEncryption } from './data/firehose-encryption';
import { forAllValuesAlone } from './access/for-all-values-alone';
import { functionEnvironmentSize } from './functions/function-environment-size';
import { functionLimits } from './functions/function-limits';
import { functionLogGroup } from './functions/function-log-group';
import { functionMemory } from './functions/function-memory';
import { functionNetworkPermission } from './functions/function-network-permission';
import { functionOwnRole } from './functions/function-own-role';
import { functionReservedVariable } from './functions/function-reserved-variable';
import { functionRuntime } from './functions/function-runtime';
import { functionTimeout } from './functions/function-timeout';
import { functionTracing } from './functions/function-tracing';
import { functionUrlPermission } from './functions/function-url-permission';
import { functionUrlPublic } from './functions/function-url-public';
import { graphqlAuthorization } from './graphql/graphql-authorization';
import { graphqlLogs } from './graphql/graphql-logs';
import { graphqlTracing } from './graphql/graphql-tracing';
import { heartbeatWithinTimeout } from './states/heartbeat-within-timeout';
import { httpApiTimeout } from './apis/http-api-timeout';
import { identityPolicySize } from './access/identity-policy-size';
import { identityPoolGuests } from './access/identity-pool-guests';
import { inlineHandler } from './functions/inline-handler';
import { inlineMapConcurrency } from './state-machines/inline-map-concurrency';
import { integrationTimeout } from './apis/integration-timeout';
import { invokePermission } from './access/invoke-permission';
import { jobTimeout } from './states/job-timeout';
import { jsonataFunction } from './states/jsonata-function';
import { jsonataRoot } from './states/jsonata-root';
import { jsonataSyntax } from './state-machines/jsonata-syntax';
import { keyPolicyLockout } from './access/key-policy-lockout';
import { keyRotation } from './data/key-rotation';
import { kinesisStreamReaders } from './streams/kinesis-stream-readers';
import { lambdaPermissionSource } from './access/lambda-permission-source';
import { lambdaTaskRetry } from './state-machines/lambda-task-retry';
import { logGroupRetention } from './observability/log-group-retention';
import { managedPolicyCount } from './access/managed-policy-count';
import { mapConcurrencyReserved } from './states/map-concurrency-reserved';
import { mappingBatch } from './mappings/mapping-batch';
import { mappingConcurrency } from './mappings/mapping-concurrency';
import { mappingDuplicate } from './mappings/mapping-duplicate';
import { mappingFailuresReported } from './mappings/mapping-failures-reported';
import { mappingFilters } from './mappings/mapping-filters';
import { mappingLimits } from './mappings/mapping-limits';
import { mappingPartialBatch } from './mappings/mapping-partial-batch';
import { mappingPollers } from './mappings/mapping-pollers';
import { mappingSourcePermission } from './mappings/mapping-source-permission';
import { mappingSourceSettings } from './mappings/mapping-source-settings';
import { oidcTrustSubject } from './access/oidc-trust-subject';
import { passRoleWildcard } from './access/pass-role-wildcard';
import { pipeStateMachine } from './events/pipe-state-machine';
import { plaintextSecret } from './functions/plaintext-secret';
import { policySid } from './access/policy-sid';
import { privateApiPolicy } from './apis/private-api-policy';
import { provisionedAliasBypassed } from './functions/provisioned-alias-bypassed';
import { provisionedVersion } from './functions/provisioned-version';
import { provisionedWithinReserved } from './functions/provisioned-within-reserved';
import { proxyBypass } from './databases/proxy-bypass';
import { proxyConnectNetwork } from './databases/proxy-connect-network';
import { proxyConnectPermission } from './databases/proxy-connect-permission';
import { proxyConnections } from './data/proxy-connections';
import { proxyIam } from './databases/proxy-iam';
import { proxySecretAccess } from './databases/proxy-secret-access';
import { proxyTimeouts } from './data/proxy-timeouts';
import { proxyTls } from './data/proxy-tls';
import { proxyUserGrant } from './databases/proxy-user-grant';
import { publishedAttributes } from './states/published-attributes';
import { queryLanguageFields } from './state-machines/query-language-fields';
import { queueDeadLetterQueue } from './queues/queue-dead-letter-queue';
import { queueDeadLetterRetention } from './queues/queue-dead-letter-retention';
import { queueEncryption } from './queues/queue-encryption';
import { queueFilteredConsumers } from './queues/queue-filtered-consumers';
import { queueLimits } from './queues/queue-limits';
import { queueName } from './queues/queue-name';
import { queueReceiveCount } from './queues/queue-receive-count';
import { queueRedrivePolicy } from './queues/queue-redrive-policy';
import { queueRedriveType } from './queues/queue-redrive-type';
import { queueVisibilityMargin } from './queues/queue-visibility-margin';
import { queueVisibilityTimeout } from './queues/queue-visibility-timeout';
import { readOnlyProperty } from './templates/read-only-property';
import { recursiveLoop } from './events/recursive-loop';
import { reservedConcurrencyBudget } from './functions/reserved-concurrency-budget';
import { reservedConcurrencyLimit } from './functions/reserved-concurrency-limit';
import { reservedConcurrencyZero } from './functions/reserved-concurrency-zero';
import { resourcePolicyPublic } from './access/resource-policy-public';
import { resourcePolicySize } from './access/resource-policy-size';
import { restApiTimeout } from './apis/rest-api-timeout';
import { restTimeoutQuota } from './apis/rest-timeout-quota';
import { retryDelay } from './states/retry-delay';
import { retryTimeout } from './states/retry-timeout';
import { roleTrust } from './access/role-trust';
import { ruleTargetCount } from './events/rule-target-count';
import { ruleTargetId } from './events/rule-target-id';
import { scheduleBus } from './events/schedule-bus';
import { scheduleExpression } from './events/schedule-expression';
import { scheduleWindow } from './events/schedule-window';
import { scheduledFailureDestination } from './events/scheduled-failure-destination';
import { secretRotation } from './data/secret-rotation';
import { securityGroupOpen } from './data/security-group-open';
import { serviceEncryptionKey } from './access/service-encryption-key';
import { serviceWideManagedPolicy } from './access/service-wide-managed-policy';
import { snapStartSupported } from './functions/snap-start-supported';
import { standardQueueNeeded } from './queues/standard-queue-needed';
import { stateMachineDefinition } from './state-machines/state-machine-definition';
import { stateMachineKeyPermission } from './state-machines/state-machine-key-permission';
import { stateMachineRolePermission } from './state-machines/state-machine-role-permission';
import { stateMachineTracing } from './state-machines/state-machine-tracing';
import { stateUnreachable } from './states/state-unreachable';
import { statesAllPlacement } from './state-machines/states-all-placement';
import { statesField } from './states/states-field';
import { streamBoundedRetries } from './streams/stream-bounded-retries';
import { streamEncryption } from './streams/stream-encryption';
import { streamFailureDestination } from './streams/stream-failure-destination';
import { subscriptionDeadLetterQueue } from './events/subscription-dead-letter-queue';
import { subscriptionFilterPolicy } from './events/subscription-filter-policy';
import { tableAttributes } from './data/table-attributes';
import { tableKeys } from './data/table-keys';
import { tableRecovery } from './data/table-recovery';
import { tableStreamFilterShape } from './streams/table-stream-filter-shape';
import { tableStreamMissing } from './streams/table-stream-missing';
import { tableStreamNumericFilter } from './streams/table-stream-numeric-filter';
import { tableStreamPosition } from './streams/table-stream-position';
import { tableStreamReaders } from './streams/table-stream-readers';
import { targetDeadLetterQueue } from './events/target-dead-letter-queue';
import { targetRetries } from './events/target-retries';
import { targetRolePermission } from './events/target-role-permission';
import { topicEncryption } from './events/topic-encryption';
import { trustAction } from './access/trust-action';
import { unknownAction } from './access/unknown-action';
import { unknownConditionKey } from './access/unknown-condition-key';
import { unreadPolicy } from './access/unread-policy';
import { variableName } from './states/variable-name';
import { variableOuter } from './states/variable-outer';
import { variableUndefined } from './states/variable-undefined';
import { vectorIndex } from './data/vector-index';
import { wildcardAction } from './access/wildcard-action';
import { wildcardResource } from './access/wildcard-resource';
import type { Rule } from '../rule';

/** Every rule, by id. */
export const RULES: readonly Rule[] = [
  actionResource,
  administratorAccess,
  alarmAction,
  alarmDimensions,
  alarmRuleBus,
  alarmSettings,
  alarmTopicKey,
  alarmTopicPolicy,
  allowNotAction,
  apiAccessLogs,
  apiCacheEncryption,
  apiDataTrace,
  apiDeploymentOrder,
  apiLogFormat,
  apiRequestValidation,
  apiRouteAuthorizer,
  apiThrottling,
  apiTlsVersion,
  apiTracing,
  asynchronousFailureDestination,
  authorizerMatch,
  autoPauseProxy,
  bucketNotificationOverlap,
  bucketNotificationWriters,
  bucketPublic,
  busRetention,
  callbackHeartbeat,
  callbackToken,
  catchDataLimit,
  catchKeepsError,
  catchRuntime,
  compensationMissing,
  confusedDeputy,
  connectCondition,
  connectionBudget,
  corsCredentials,
  databaseBackup,
  databaseEncryption,
  databaseNetworkWide,
  databasePublic,
  deadLetterQueueAlarm,
  deletionProtection,
  deliveryKey,
  deliveryPolicy,
  distributedMapVariable,
  durableFunctionQualified,
  edgeAiGateway,
  edgeBucketCors,
  edgeCompatibilityDate,
  edgeCron,
  edgeDurableObjectMigration,
  edgeObservability,
  edgePlaintextSecret,
  edgePoolPassword,
  edgeProtection,
  edgePublicBucket,
  edgeQueueDeadLetterQueue,
  edgeQueueSettings,
  edgeTokenScope,
  edgeWorkerLimits,
  edgeWorkersCaching,
  edgeWorkersDev,
  edgeZoneTls,
  encryptedTransport,
  encryptionKeyPermission,
  errorCaught,
  errorName,
  eventForwardedOnce,
  eventLoop,
  eventLoopHops,
  eventPatternCatchAll,
  eventPatternLostWay,
  eventPatternSyntax,
  eventStoreAppendOnly,
  expressCompensation,
  expressDuration,
  expressIntegrations,
  expressLogs,
  extensionCache,
  failureDestinationPermission,
  fifoSettings,
  filterCatchAll,
  filterPatternSyntax,
  filterUnknownField,
  firehoseEncryption,
  forAllValuesAlone,
  functionEnvironmentSize,
  functionLimits,
  functionLogGroup,
  functionMemory,
  functionNetworkPermission,
  functionOwnRole,
  functionReservedVariable,
  functionRuntime,
  functionTimeout,
  functionTracing,
  functionUrlPermission,
  functionUrlPublic,
  graphqlAuthorization,
  graphqlLogs,
  graphqlTracing,
  heartbeatWithinTimeout,
  httpApiTimeout,
  identityPolicySize,
  identityPoolGuests,
  inlineHandler,
  inlineMapConcurrency,
  integrationTimeout,
  invokePermission,
  jobTimeout,
  jsonataFunction,
  jsonataRoot,
  jsonataSyntax,
  keyPolicyLockout,
  keyRotation,
  kinesisStreamReaders,
  lambdaPermissionSource,
  lambdaTaskRetry,
  logGroupRetention,
  managedPolicyCount,
  mapConcurrencyReserved,
  mappingBatch,
  mappingConcurrency,
  mappingDuplicate,
  mappingFailuresReported,
  mappingFilters,
  mappingLimits,
  mappingPartialBatch,
  mappingPollers,
  mappingSourcePermission,
  mappingSourceSettings,
  oidcTrustSubject,
  passRoleWildcard,
  pipeStateMachine,
  plaintextSecret,
  policySid,
  privateApiPolicy,
  provisionedAliasBypassed,
  provisionedVersion,
  provisionedWithinReserved,
  proxyBypass,
  proxyConnectNetwork,
  proxyConnectPermission,
  proxyConnections,
  proxyIam,
  proxySecretAccess,
  proxyTimeouts,
  proxyTls,
  proxyUserGrant,
  publishedAttributes,
  queryLanguageFields,
  queueDeadLetterQueue,
  queueDeadLetterRetention,
  queueEncryption,
  queueFilteredConsumers,
  queueLimits,
  queueName,
  queueReceiveCount,
  queueRedrivePolicy,
  queueRedriveType,
  queueVisibilityMargin,
  queueVisibilityTimeout,
  readOnlyProperty,
  recursiveLoop,
  reservedConcurrencyBudget,
  reservedConcurrencyLimit,
  reservedConcurrencyZero,
  resourcePolicyPublic,
  resourcePolicySize,
  restApiTimeout,
  restTimeoutQuota,
  retryDelay,
  retryTimeout,
  roleTrust,
  ruleTargetCount,
  ruleTargetId,
  scheduleBus,
  scheduleExpression,
  scheduleWindow,
  scheduledFailureDestination,
  secretRotation,
  securityGroupOpen,
  serviceEncryptionKey,
  serviceWideManagedPolicy,
  snapStartSupported,
  standardQueueNeeded,
  stateMachineDefinition,
  stateMachineKeyPermission,
  stateMachineRolePermission,
  stateMachineTracing,
  stateUnreachable,
  statesAllPlacement,
  statesField,
  streamBoundedRetries,
  streamEncryption,
  streamFailureDestination,
  subscriptionDeadLetterQueue,
  subscriptionFilterPolicy,
  tableAttributes,
  tableKeys,
  tableRecovery,
  tableStreamFilterShape,
  tableStreamMissing,
  tableStreamNumericFilter,
  tableStreamPosition,
  tableStreamReaders,
  targetDeadLetterQueue,
  targetRetries,
  targetRolePermission,
  topicEncryption,
  trustAction,
  unknownAction,
  unknownConditionKey,
  unreadPolicy,
  variableName,
  variableOuter,
  variableUndefined,
  vectorIndex,
  wildcardAction,
  wildcardResource,
];
