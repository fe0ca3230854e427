import { setTimeout as sleep } from 'node:timers/promises';
import { lambda } from '../../../core/facts';
import { ThrottledError } from '../function-errors';
import type { FunctionTarget } from '../functions';
import { type JsonRecord, number, parseJson, record, text } from '../json';
import type { Outcome } from '../lambda-function';
import type { LocalContext } from '../service';

/** Asynchronous invocations: retried, and handed to their destinations. */
export class AsyncInvocations {
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  /** @param context what they work with */
  constructor(private readonly context: LocalContext) {}

  /** How many events are on their way. */
  get left(): number {
    return this.running.size;
  }

  /** Takes an event; the invocation happens later. */
  begin(target: FunctionTarget, event: string): void {
    const work = this.run(target, event).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  /** Waits for what is running; nothing is tried again. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.running);
  }

  private async run(target: FunctionTarget, event: string): Promise<void> {
    const attempts = 1 + (number(this.configOf(target).MaximumRetryAttempts) ?? lambda.asynchronousRetries.value.max);
    let outcome: Outcome | undefined;
    for (let attempt = 0; attempt < attempts && !this.stopped;) {
      try {
        const options = outcome && { requestId: outcome.requestId };
        outcome = await this.context.functions.invoke(target, event, options);
        attempt++;
        if (!outcome.error || attempt === attempts) return await this.toDestination(target, event, outcome, attempt);
      } catch (error) {
        // A throttled event stays in Lambda's own queue: it does not use up an attempt.
        if (!(error instanceof ThrottledError)) throw error;
      }
      await sleep(this.context.options.retryDelay);
    }
  }

  private async toDestination(
    target: FunctionTarget,
    event: string,
    outcome: Outcome,
    attempts: number,
  ): Promise<void> {
    const destinations = record(this.configOf(target).DestinationConfig);
    const destination = text(record(destinations[outcome.error ? 'OnFailure' : 'OnSuccess']).Destination);
    if (destination !== undefined) {
      await this.deliver(target, destination, destinationRecord(target, event, outcome, attempts));
    }
    const deadLetters = text(record(target.function.deployed.properties.DeadLetterConfig).TargetArn);
    if (outcome.error && deadLetters !== undefined) await this.deliver(target, deadLetters, parseJson(event));
  }

  /** A delivery that fails is lost on AWS too; here it is seen in the function's log. */
  private async deliver({ function: fn }: FunctionTarget, to: string, payload: unknown): Promise<void> {
    try {
      await this.context.deliver({ target: to, payload, sender: fn.caller });
    } catch (error) {
      this.context.logs.write(fn.deployed.displayName, `ERROR delivery to ${to} failed: ${String(error)}`);
    }
  }

  private configOf({ function: fn, qualifier = '$LATEST' }: FunctionTarget): JsonRecord {
    const configs = this.context.deployment.ofType('AWS::Lambda::EventInvokeConfig').map((one) => one.properties);
    const own = configs.find(
      ({ FunctionName, Qualifier }) =>
        this.context.functions.target(text(FunctionName) ?? '')?.function === fn && text(Qualifier) === qualifier,
    );
    return own ?? {};
  }
}

/**
 * What a destination receives.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function destinationRecord(target: FunctionTarget, event: string, outcome: Outcome, attempts: number): JsonRecord {
  const { requestId, error, payload, version } = outcome;
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${target.function.deployed.arn}:${target.qualifier ?? '$LATEST'}`,
      condition: error ? 'RetriesExhausted' : 'Success',
      approximateInvokeCount: attempts,
    },
    requestPayload: parseJson(event),
    responseContext: { statusCode: 200, executedVersion: version, ...(error && { functionError: 'Unhandled' }) },
    responsePayload: parseJson(payload.toString()),
  };
}
