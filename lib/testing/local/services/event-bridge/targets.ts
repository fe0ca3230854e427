import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../kernel/aws-errors';
import { DISORDER, type Turn } from '../../kernel/disorder';
import { messageOf } from '../../kernel/errors';
import { type JsonRecord, number, record, text } from '../../kernel/json';
import type { LocalContext, Sender } from '../../kernel/service';
import * as facts from '../../../../core/facts/events';

/** Attempts after the first, unless the target says otherwise. */
const DEFAULT_RETRIES = facts.retryAttempts.value.max;

const ONCE: Turn = { repeated: false };

/** Something to be delivered to a target of a rule or a schedule. */
export interface TargetDelivery {
  /** The target, as in the template. */
  readonly target: JsonRecord;
  readonly payload: unknown;
  /** Who delivers; otherwise why the role of the target cannot be assumed. */
  readonly sender: Sender | string;
  /** Who puts what could not be delivered into the dead-letter queue; otherwise why nobody can. */
  readonly deadLetterSender: Sender | string;
  readonly deadLetter: unknown;
  /** What is said of it there. */
  readonly attributes: Readonly<Record<string, string>>;
  /** What the order is kept of or not: a target of a rule. Absent for a schedule, whose runs come one by one. */
  readonly stream?: string;
  /** That the event comes twice already, or late. */
  readonly disorder?: string;
  /** For the log: the rule or schedule. */
  readonly name: string;
}

/** Delivers to targets: tries again what may succeed, and hands what does not to the dead-letter queue. */
export class Targets {
  private readonly running = new Set<Promise<void>>();
  private stopped = false;

  /** @param context what it works with */
  constructor(private readonly context: LocalContext) {}

  /** How many deliveries are on their way. */
  get left(): number {
    return this.running.size;
  }

  /** Delivers; what becomes of it is seen at the target, in the dead-letter queue, or in the log. */
  begin(delivery: TargetDelivery): void {
    const { repeated, held } = delivery.stream === undefined ? ONCE : this.context.disorder.turn(delivery.stream);
    this.track(delivery, held);
    if (repeated) this.track({ ...delivery, disorder: DISORDER.twice });
  }

  /** Waits for what is on its way; nothing is tried again. */
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
    const retries = number(record(delivery.target.RetryPolicy).MaximumRetryAttempts) ?? DEFAULT_RETRIES;
    const age = number(record(delivery.target.RetryPolicy).MaximumEventAgeInSeconds);
    const begun = Date.now();
    for (let attempt = 0; !this.stopped; attempt++) {
      const failure = await this.attempt(delivery);
      if (!failure) return;
      const old = age !== undefined && this.context.clock.since(begun) > age;
      if (failure.status < 500 || attempt >= retries || old) return this.toDeadLetters(delivery, failure, attempt);
      await sleep(this.context.options.retryDelay);
    }
  }

  private async attempt({ target, payload, sender, disorder }: TargetDelivery): Promise<AwsError | undefined> {
    const groupId = text(record(target.SqsParameters).MessageGroupId);
    if (typeof sender === 'string') return new AwsError('AccessDeniedException', sender, 403);
    try {
      await this.context.deliver({
        target: text(target.Arn) ?? '',
        payload,
        sender,
        ...(groupId !== undefined && { message: { groupId } }),
        ...(disorder !== undefined && { disorder }),
      });
      return undefined;
    } catch (error) {
      // What the local run does not have would not be there at the next attempt.
      if (error instanceof AwsError) return error.status === 501 ? new AwsError(error.code, error.message, 400) : error;
      throw error;
    }
  }

  private async toDeadLetters(delivery: TargetDelivery, failure: AwsError, attempts: number): Promise<void> {
    const { target, deadLetter, deadLetterSender, attributes, name } = delivery;
    const queue = text(record(target.DeadLetterConfig).Arn);
    const said = `ERROR delivery to ${text(target.Arn)} failed: ${failure.message}`;
    if (queue === undefined || typeof deadLetterSender === 'string') return this.context.logs.write(name, said);
    const message = {
      attributes: {
        ...attributes,
        TARGET_ARN: text(target.Arn) ?? '',
        ERROR_CODE: failure.code,
        ERROR_MESSAGE: failure.message,
        RETRY_ATTEMPTS: String(attempts),
      },
    };
    try {
      await this.context.deliver({ target: queue, payload: deadLetter, sender: deadLetterSender, message });
    } catch (error) {
      this.context.logs.write(name, `${said}; and to its dead-letter queue: ${messageOf(error)}`);
    }
  }
}
