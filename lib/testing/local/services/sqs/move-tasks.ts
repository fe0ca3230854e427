import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { type JsonObject, text } from '../../kernel/json';
import type { Queue } from './queue';
import type { Queues } from './queues';

/** Redrives: move a dead-letter queue's messages to their source queues, or to another queue. */
export class MoveTasks {
  private readonly done: (JsonObject & { readonly SourceArn: string })[] = [];

  /** @param queues the queues of the run */
  constructor(private readonly queues: Queues) {}

  /**
   * Moves all visible messages. As on AWS, they become new messages with new ids.
   * @returns how many
   * @throws AwsError when the source is not a dead-letter queue
   */
  move(source: Queue, destination?: Queue): number {
    if (this.queues.sourcesOf(source).length === 0) {
      throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    let moved = 0;
    for (let [message] = take(source); message; [message] = take(source)) {
      const target = destination ?? this.queues.find(message.source ?? '') ?? this.queues.sourcesOf(source)[0];
      const { body, attributes, groupId, deduplicationId } = message;
      target?.send({
        body,
        ...(attributes && { attributes }),
        groupId,
        ...(deduplicationId !== undefined && { deduplicationId: `${deduplicationId}-${randomUUID()}`.slice(0, 128) }),
      });
      source.delete(message.handle ?? '');
      moved++;
    }
    return moved;
  }

  /** `StartMessageMoveTask`; the task is complete on return. */
  start(input: JsonObject): JsonObject {
    const source = this.existing(text(input.SourceArn) ?? '');
    const destinationArn = text(input.DestinationArn);
    const moved = this.move(source, destinationArn === undefined ? undefined : this.existing(destinationArn));
    const TaskHandle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64');
    this.done.unshift({
      Status: 'COMPLETED',
      SourceArn: source.arn,
      ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: moved,
      StartedTimestamp: Date.now(),
    });
    return { TaskHandle };
  }

  /** `ListMessageMoveTasks`. */
  list(input: JsonObject): JsonObject {
    return { Results: this.done.filter(({ SourceArn }) => SourceArn === input.SourceArn).slice(0, 10) };
  }

  private existing(arn: string): Queue {
    const queue = this.queues.find(arn);
    if (queue) return queue;
    throw new AwsError(
      'ResourceNotFoundException',
      `The resource that you specified for the ARN '${arn}' doesn't exist.`,
    );
  }
}

function take(queue: Queue): ReturnType<Queue['receive']> {
  return queue.receive({ max: 1 });
}
