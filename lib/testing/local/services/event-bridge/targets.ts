import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../kernel/aws-errors';
import { DISORDER, type Turn } from '../../kernel/disorder';
import { messageOf } from '../../kernel/errors';
import { type JsonObject, number, recordOf, text } from '../../kernel/json';
import type { LocalContext, Sender } from '../../kernel/service';
import * as facts from '../../../../core/facts/events';

/** Default retries, and the maximum age in seconds. */
const DEFAULT_RETRIES = facts.retryAttempts.value.max;
const DEFAULT_AGE = facts.eventAge.value.max;

const ONCE: Turn = { repeated: false };

/** A delivery to the target of a rule or schedule. */
export interface TargetDelivery {
  /** The target, as in the template. */
  readonly target: JsonObject;
  /** Produces the payload; an error it throws is not retried. */
  readonly payload: () => unknown;
  /** The caller, or why the target's role cannot be assumed. */
  readonly sender: Sender | string;
  /** Delivers in a way other than the target service's. @default - `context.deliver()` */
  readonly send?: (payload: unknown, sender: Sender) => Promise<void>;
  /** Whether it comes from a bus. */
  readonly fromBus?: boolean;
  /** The caller that sends to the dead-letter queue, or why there is none. */
  readonly deadLetterSender: Sender | string;
  readonly deadLetter: unknown;
  /** Its attributes there. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Names of errors there. @default - the services' own */
  readonly codeOf?: (error: AwsError) => string;
  /** The scope of reordering: a rule's target. Absent for a schedule, whose runs come one by one. */
  readonly stream?: string;
  /** Whether the event is already duplicated or late. */
  readonly disorder?: string;
  /** The rule or schedule, for the log. */
  readonly name: string;
}

/** A dead letter's attributes about exhausted retries. */
type Exhausted = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

interface GivenUp {
  readonly failure: AwsError;
  readonly retries: number;
  /** Absent if it was not retried. */
  readonly exhausted?: Exhausted;
}

/** Delivers to targets: retries what may succeed, and sends the rest to the dead-letter queue. */
export class Targets {
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  /** @param context what it works with */
  constructor(private readonly context: LocalContext) {}

  /** Deliveries in flight. */
  get left(): number {
    return this.running.size;
  }

  /** Delivers; the outcome shows at the target, in the dead-letter queue, or in the log. */
  begin(delivery: TargetDelivery): void {
    const { repeated, held } = delivery.stream === undefined ? ONCE : this.context.disorder.turn(delivery.stream);
    this.track(delivery, held);
    if (repeated) this.track({ ...delivery, disorder: DISORDER.twice });
  }

  /** Waits for deliveries in flight, without further retries. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.running);
  }

  private track(given: TargetDelivery, held?: Promise<boolean>): void {
    const deliver = async () => this.deliver((await held) ? { ...given, disorder: DISORDER.late } : given);
    const work = deliver().finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async deliver(delivery: TargetDelivery): Promise<void> {
    const policy = recordOf(delivery.target.RetryPolicy);
    const most = number(policy.MaximumRetryAttempts) ?? DEFAULT_RETRIES;
    const age = number(policy.MaximumEventAgeInSeconds) ?? DEFAULT_AGE;
    const begun = Date.now();
    for (let retries = 0; !this.stopped; retries++) {
      const failure = await this.attempt(delivery);
      if (!failure) return;
      if (failure.status < 500) return this.toDeadLetters(delivery, { failure, retries });
      const old = this.context.clock.since(begun) > age;
      const exhausted = retries >= most ? 'MaximumRetryAttempts' : old ? 'MaximumEventAgeInSeconds' : undefined;
      if (exhausted) return this.toDeadLetters(delivery, { failure, retries, exhausted });
      await sleep(this.context.options.retryDelay);
    }
  }

  private async attempt(delivery: TargetDelivery): Promise<AwsError | undefined> {
    const { sender } = delivery;
    if (typeof sender === 'string')
      return new AwsError(delivery.codeOf ? 'FAILED_TO_ASSUME_ROLE' : 'AccessDeniedException', sender, 403);
    try {
      const payload = delivery.payload();
      await (delivery.send?.(payload, sender) ?? this.hand(delivery, payload, sender));
      return undefined;
    } catch (error) {
      // Something unsupported would be no different at the next attempt.
      if (error instanceof AwsError) return error.status === 501 ? new AwsError(error.code, error.message, 400) : error;
      throw error;
    }
  }

  private async hand({ target, disorder, fromBus }: TargetDelivery, payload: unknown, sender: Sender): Promise<void> {
    const groupId = text(recordOf(target.SqsParameters).MessageGroupId);
    await this.context.deliver({
      target: text(target.Arn) ?? '',
      payload,
      sender,
      ...(groupId !== undefined && { message: { groupId } }),
      disorder,
      ...(fromBus === true && { fromBus }),
    });
  }

  private async toDeadLetters(delivery: TargetDelivery, { failure, retries, exhausted }: GivenUp): Promise<void> {
    const { target, deadLetter, deadLetterSender, attributes, name, codeOf } = delivery;
    const queue = text(recordOf(target.DeadLetterConfig).Arn);
    const said = `ERROR delivery to ${text(target.Arn)} failed: ${failure.message}`;
    if (queue === undefined || typeof deadLetterSender === 'string') return this.context.logs.write(name, said);
    const message = {
      attributes: {
        ...attributes,
        TARGET_ARN: text(target.Arn) ?? '',
        ERROR_CODE: codeOf?.(failure) ?? failure.code,
        ERROR_MESSAGE: failure.message,
        RETRY_ATTEMPTS: String(retries),
        ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      },
    };
    try {
      await this.context.deliver({ target: queue, payload: deadLetter, sender: deadLetterSender, message });
    } catch (error) {
      this.context.logs.write(name, `${said}; and to its dead-letter queue: ${messageOf(error)}`);
    }
  }
}
