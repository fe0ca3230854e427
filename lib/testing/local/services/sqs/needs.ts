import type { Need } from '../../kernel/judge';
import { type JsonObject, text } from '../../kernel/json';

/** Batch operations need the permission for the single-message action. */
const SINGLE: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

const ON_A_QUEUE = [
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
];

/**
 * The permissions a call needs; undefined for an unsupported operation.
 * @param arnOf the ARN of the queue with a given name or URL
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export function sqsNeeds(
  operation: string,
  input: JsonObject,
  arnOf: (queue: string) => string,
): readonly Need[] | undefined {
  const action = Object.hasOwn(SINGLE, operation) ? SINGLE[operation]! : operation;
  if (ON_A_QUEUE.includes(action)) {
    return [{ action: `sqs:${action}`, resource: arnOf(text(input.QueueUrl ?? input.QueueName) ?? '') }];
  }
  const source = text(input.SourceArn) ?? '';
  const destination = text(input.DestinationArn);
  switch (operation) {
    case 'ListQueues':
      return [{ action: 'sqs:ListQueues', resource: '*' }];
    case 'ListMessageMoveTasks':
      return [{ action: `sqs:${operation}`, resource: source }];
    case 'StartMessageMoveTask':
      return [
        ...[operation, 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((one) => ({
          action: `sqs:${one}`,
          resource: source,
        })),
        ...(destination === undefined ? [] : [{ action: 'sqs:SendMessage', resource: destination }]),
      ];
    default:
      return undefined;
  }
}
