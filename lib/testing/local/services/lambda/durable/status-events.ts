import { randomUUID } from 'node:crypto';
import { messageOf } from '../../../kernel/errors';
import type { LocalContext } from '../../../kernel/service';
import type { LambdaFunction } from '../../../lambda/lambda-function';
import type { DurableExecution } from './execution';
import { iso } from './wire';

/** Sends status changes of durable executions to EventBridge. The events do not include the error. */
export class DurableStatusEvents {
  private readonly sending = new Set<Promise<void>>();

  /** @param context with the default bus */
  constructor(private readonly context: LocalContext) {}

  /** Events in flight. */
  get left(): number {
    return this.sending.size;
  }

  send({ deployed }: LambdaFunction, execution: DurableExecution): void {
    const { context } = this;
    const target = context.arn('events', 'event-bus/default');
    if (!context.reaches(target)) return;
    const sender = { service: 'lambda.amazonaws.com', arn: deployed.arn };
    const sent = context
      .deliver({ target, payload: this.eventOf(execution), sender })
      .catch((error: unknown) => context.logs.write(deployed.displayName, `ERROR ${messageOf(error)}`))
      .finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }

  /** Waits for those in flight. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.sending);
  }

  private eventOf({ start, status, started, stopped }: DurableExecution): unknown {
    const { region, account } = this.context;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Durable Execution Status Change',
      source: 'aws.lambda',
      account,
      time: iso(stopped ?? started).replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [],
      detail: {
        durableExecutionArn: start.arn,
        durableExecutionName: start.name,
        functionArn: start.functionArn,
        status,
        startTimestamp: iso(started),
        ...(stopped !== undefined && { endTimestamp: iso(stopped) }),
      },
    };
  }
}
