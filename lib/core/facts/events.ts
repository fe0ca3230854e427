import type { Fact, Range } from './fact';

const READ = '2026-11-21';
const RETRY = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html';
const SUBSCRIBER = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-retry.html';

/** Targets of one rule. */
export const targetsPerRule: Fact<number> = {
  value: 5,
  unit: 'targets',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
  read: READ,
};

/** Retries of a rule's target, and of a schedule's. */
export const retryAttempts: Fact<Range> = { value: { min: 0, max: 185 }, unit: 'retries', source: RETRY, read: READ };

/** Age after which a rule's or schedule's event is no longer retried. */
export const eventAge: Fact<Range> = { value: { min: 60, max: 86_400 }, unit: 'seconds', source: RETRY, read: READ };

/** Size of the entries of one request of `PutEvents`; it was 256 KiB until January 2026. */
export const entrySize: Fact<number> = {
  value: 1_048_576,
  unit: 'bytes',
  source: 'https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb',
  read: '2026-11-29',
};

/** Content of a schema in a registry of EventBridge. */
export const schemaContent: Fact<number> = {
  value: 100_000,
  unit: 'characters',
  source:
    'https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-registries-name-registryname-schemas-name-schemaname.html',
  read: '2026-11-29',
};

/** Retries of a subscriber of an `AWS::EventsV2` bus when it names none; it may have up to 185. */
export const subscriberRetryAttempts: Fact<number> = { value: 5, unit: 'retries', source: SUBSCRIBER, read: READ };

/** Age after which a subscriber of an `AWS::EventsV2` bus is not tried again when it names none. */
export const subscriberEventAge: Fact<number> = { value: 300, unit: 'seconds', source: SUBSCRIBER, read: READ };

/** How long an `AWS::EventsV2` bus keeps events. */
export const busRetention: Fact<Range> = {
  value: { min: 1, max: 365 },
  unit: 'days',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus.html',
  read: READ,
};

/** Fields of a cron expression: minutes, hours, day of month, month, day of week, year. */
export const cronFields: Fact<number> = {
  value: 6,
  unit: 'fields',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
  read: READ,
};

/** Flexible time window of a schedule. */
export const flexibleWindow: Fact<Range> = {
  value: { min: 1, max: 1440 },
  unit: 'minutes',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html',
  read: READ,
};

/** Longest `detail-type` of an event. */
export const detailType: Fact<number> = {
  value: 128,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html',
  read: '2026-11-30',
};

/** Most entries in one `PutEvents` request. */
export const entriesPerRequest: Fact<number> = {
  value: 10,
  unit: 'entries',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html',
  read: '2026-11-30',
};

/** Longest description of a rule. */
export const ruleDescription: Fact<number> = {
  value: 512,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html',
  read: '2026-11-30',
};

/** Longest expression of a schedule of EventBridge Scheduler. */
export const scheduleLength: Fact<number> = {
  value: 256,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html',
  read: '2026-11-30',
};

/** Longest description of a pipe. */
export const pipeDescription: Fact<number> = {
  value: 512,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html',
  read: '2026-11-30',
};

/** Characters of the pattern of a rule, where an account asked for no more; it may be raised to 4,096. */
export const eventPattern: Fact<number> = {
  value: 2048,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html',
  read: '2026-11-30',
};

/** Longest id of a statement in the policy of a bus. */
export const statementIdLength: Fact<number> = {
  value: 64,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html',
  read: '2026-11-30',
};

/** Longest description of a bus. */
export const busDescription: Fact<number> = {
  value: 512,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html',
  read: '2026-11-30',
};

/** Longest description of a registry of schemas. */
export const registryDescription: Fact<number> = {
  value: 256,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-eventschemas-registry.html',
  read: '2026-11-30',
};
