import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { lambda } from '../../../../core/facts';
import { DISORDER, disorderNote } from '../../kernel/disorder';
import { messageOf } from '../../kernel/errors';
import { ThrottledError } from '../../lambda/function-errors';
import type { FunctionTarget } from '../../lambda/functions';
import { type JsonObject, number, parseJson, recordOf, text } from '../../kernel/json';
import type { Outcome } from '../../lambda/lambda-function';
import type { Delivery, LocalContext } from '../../kernel/service';
import { eventOf } from '../event-bridge/event';
import { isBucketArn, isBusArn } from './destination';

/** How an asynchronous invocation ended. */
interface End {
  readonly requestId: string;
  /** The result of the last attempt; undefined if it was throttled until it expired. */
  readonly outcome: Outcome | undefined;
  readonly attempts: number;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
}

interface Begun {
  readonly requestId: string;
  /** Whether the event is duplicated or late. */
  readonly disorder?: string;
}

/** Asynchronous invocations, with retries and destinations. */
export class AsyncInvocations {
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  /** @param context what they work with */
  constructor(private readonly context: LocalContext) {}

  /** Events in flight. */
  get left(): number {
    return this.running.size;
  }

  /**
   * Queues an event for later invocation.
   * @param disorder whether it is already duplicated or late
   */
  begin(target: FunctionTarget, event: string, disorder?: string): void {
    const requestId = randomUUID();
    const { repeated, held } = this.context.disorder.turn(`invocation ${target.arn}`);
    const run = async (own: string | undefined, wait?: Promise<boolean>) =>
      this.run(target, event, {
        requestId,
        ...((await wait) ? { disorder: DISORDER.late } : own && { disorder: own }),
      });
    this.track(run(disorder, held));
    if (repeated) this.track(run(DISORDER.twice));
  }

  /** Waits for running invocations, without further retries. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.running);
  }

  private track(run: Promise<void>): void {
    const work = run.finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async run(target: FunctionTarget, event: string, { requestId, disorder }: Begun): Promise<void> {
    const config = this.configOf(target);
    const attempts = 1 + (number(config.MaximumRetryAttempts) ?? lambda.asynchronousRetries.value.max);
    const maximumAge = number(config.MaximumEventAgeInSeconds) ?? lambda.asynchronousEventAge.value.max;
    const begun = Date.now();
    let outcome: Outcome | undefined;
    for (let attempt = 0; attempt < attempts && !this.stopped;) {
      if (this.context.clock.since(begun) > maximumAge) {
        return this.toDestination(target, event, {
          requestId,
          outcome,
          attempts: attempt,
          condition: 'EventAgeExceeded',
        });
      }
      try {
        outcome = await this.context.functions.invoke(target, event, { requestId });
        attempt++;
        if (outcome.error && disorder !== undefined) {
          const line = disorderNote('this event', disorder);
          this.context.logs.write(target.function.deployed.displayName, line, requestId);
        }
        if (!outcome.error || attempt === attempts) {
          const condition = outcome.error ? 'RetriesExhausted' : 'Success';
          return await this.toDestination(target, event, { requestId, outcome, attempts: attempt, condition });
        }
      } catch (error) {
        // A throttled event stays in Lambda's internal queue, and uses up no attempt.
        if (!(error instanceof ThrottledError)) throw error;
        // Unless it never could run: then it is discarded at once.
        if (target.function.reserved === 0) {
          return this.toDestination(target, event, {
            requestId,
            outcome,
            attempts: 0,
            condition: 'ZeroReservedConcurrency',
          });
        }
      }
      await sleep(this.context.options.retryDelay);
    }
  }

  private async toDestination(target: FunctionTarget, event: string, end: End): Promise<void> {
    const failed = end.condition !== 'Success';
    const destinations = recordOf(this.configOf(target).DestinationConfig);
    const destination = text(recordOf(destinations[failed ? 'OnFailure' : 'OnSuccess']).Destination);
    if (destination !== undefined) {
      const told = destinationRecord(target, event, end);
      const payload = isBusArn(destination) ? this.eventOf(told, destination, failed) : told;
      await this.deliver(target, { target: destination, payload });
    }
    const deadLetters = text(recordOf(target.function.deployed.properties.DeadLetterConfig).TargetArn);
    if (failed && deadLetters !== undefined) {
      const attributes = {
        RequestID: end.requestId,
        ErrorCode: { DataType: 'Number', StringValue: end.outcome ? '200' : '429' },
        ErrorMessage: (end.outcome?.error?.message ?? 'Rate Exceeded.').slice(0, 1024),
      };
      await this.deliver(target, { target: deadLetters, payload: event, message: { attributes } });
    }
  }

  /** A record as an event bus gets it: in the detail of an event of Lambda's. */
  private eventOf(told: JsonObject, bus: string, failed: boolean): JsonObject {
    const { functionArn } = recordOf(told.requestContext);
    const detailType = `Lambda Function Invocation Result - ${failed ? 'Failure' : 'Success'}`;
    return eventOf({ source: 'lambda', detailType, detail: told, resources: [bus, String(functionArn)] }, this.context);
  }

  /** A failed delivery is lost on AWS too; here the function's log shows it. */
  private async deliver({ function: fn }: FunctionTarget, delivery: Omit<Delivery, 'sender'>): Promise<void> {
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '.');
    const key = `aws/lambda/async/${fn.name}/${time.slice(0, 10).replaceAll('-', '/')}/${time}-${randomUUID()}`;
    try {
      const target = isBucketArn(delivery.target) ? `${delivery.target}/${key}` : delivery.target;
      await this.context.deliver({ ...delivery, target, sender: fn.caller });
    } catch (error) {
      this.context.logs.write(
        fn.deployed.displayName,
        `ERROR delivery to ${delivery.target} failed: ${messageOf(error)}`,
      );
    }
  }

  private configOf({ function: fn, qualifier = '$LATEST' }: FunctionTarget): JsonObject {
    const configs = this.context.deployment.ofType('AWS::Lambda::EventInvokeConfig').map((one) => one.properties);
    const own = configs.find(
      ({ FunctionName, Qualifier }) =>
        this.context.functions.target(text(FunctionName) ?? '')?.function === fn && text(Qualifier) === qualifier,
    );
    return own ?? {};
  }
}

/**
 * The message to a destination.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function destinationRecord(target: FunctionTarget, event: string, end: End): JsonObject {
  const { requestId, outcome, attempts, condition } = end;
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${target.function.deployed.arn}:${target.qualifier ?? '$LATEST'}`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: parseJson(event),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: outcome.version,
        ...(outcome.error && { functionError: 'Unhandled' }),
      },
      responsePayload: parseJson(outcome.payload.toString()),
    }),
  };
}
