import type { Fact, Range } from './fact';

const QUOTAS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html';
const READ = '2026-11-21';

/** Time in which a received message stays hidden; the service's default is 30 seconds. */
export const visibilityTimeout: Fact<Range> = {
  value: { min: 0, max: 43_200 },
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html',
  read: READ,
};

/** The visibility timeout of a queue that names none. */
export const defaultVisibilityTimeout: Fact<number> = {
  value: 30,
  unit: 'seconds',
  source: visibilityTimeout.source,
  read: READ,
};

/** Size of a message with its attributes. */
export const messageSize: Fact<Range> = {
  value: { min: 1024, max: 1_048_576 },
  unit: 'bytes',
  source: QUOTAS,
  read: READ,
};

/** Attributes that a message may have. */
export const messageAttributes: Fact<number> = { value: 10, unit: 'attributes', source: QUOTAS, read: READ };

/** How long a queue keeps a message. */
export const retention: Fact<Range> = {
  value: { min: 60, max: 1_209_600 },
  unit: 'seconds',
  source: QUOTAS,
  read: READ,
};

/** The retention of a queue that names none: 4 days. */
export const defaultRetention: Fact<number> = { value: 345_600, unit: 'seconds', source: QUOTAS, read: READ };

/** Longest delay of a message. */
export const delay: Fact<Range> = { value: { min: 0, max: 900 }, unit: 'seconds', source: QUOTAS, read: READ };

/** Receives before a message goes to the dead-letter queue; fewer lose messages to throttling. */
export const advisedReceiveCount: Fact<number> = {
  value: 5,
  unit: 'receives',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  read: READ,
};

/** Receives that a redrive policy may count. */
export const receiveCount: Fact<Range> = {
  value: { min: 1, max: 1000 },
  unit: 'receives',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html',
  read: READ,
};

/** Longest name of a queue. */
export const queueNameLength: Fact<number> = {
  value: 80,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
  read: '2026-11-30',
};
