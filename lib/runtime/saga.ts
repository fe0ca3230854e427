import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { leave } from './saga-claims';
import { engineOf, isLate, type SagaEngine } from './saga-engines';

/** The execution that called, for logs. Never derive a key from it: a resumed saga is another execution. */
export interface SagaExecution {
  /** Its name: the business key, or what `start()` derived from it. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** When it started, in ISO 8601. */
  readonly startTime: string;
}

/** Event of a step's handler. What it returns is the step's result; what it throws refuses the step. */
export interface ActionEvent<Input = unknown, Results = Readonly<Record<string, unknown>>> {
  /** What the saga was started with. */
  readonly input: Input;
  /** Results of earlier steps, by name. */
  readonly results: Results;
  /** The same for each attempt at this step of this saga, and for no other. */
  readonly idempotencyKey: string;
  /** The calling execution. */
  readonly execution: SagaExecution;
  /** With `waitFor: 'callback'`: the token to answer with. */
  readonly taskToken?: string;
  /** With `each`: the item. */
  readonly item?: unknown;
  /** With `each`: its index in the list, from 0. */
  readonly index?: number;
}

/**
 * Event of a compensation's handler. To find out whether the action happened, use `actionKey` and the service that the
 * action called, not `results`: a step with an unknown outcome has none.
 */
export interface CompensationEvent<Input = unknown, Results = Readonly<Record<string, unknown>>> extends ActionEvent<
  Input,
  Results
> {
  /** The key that the action was called with. */
  readonly actionKey: string;
  /** Why the saga turned around. */
  readonly error: { readonly step: string; readonly error: string; readonly cause?: string };
}

/**
 * Thrown by an action that does not know whether it happened, such as when a payment service did not respond: the
 * step is undone. Any other error refuses the step, which then counts as not done.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'Saga.OutcomeUnknown';
}

/** Result of a start. */
export interface StartResult {
  /** False if a saga with this key is running, or has run. */
  readonly started: boolean;
  /** The name of its execution. */
  readonly name: string;
}

/** Result of an answer: one that comes too late changes nothing, since the saga has moved on. */
export type AnswerResult = { readonly accepted: true } | { readonly accepted: false; readonly reason: 'late' };

/** What `resume()` reads from a parked saga's message. */
export interface ParkedMessage {
  /** Name of the execution. */
  readonly name: string;
  /** The business key. */
  readonly key: string;
  /** Why the saga turned around. */
  readonly failed: object;
  /** Outcome of each step. */
  readonly outcomes: object;
  /** What the compensations are called with. */
  readonly data: object;
}

/** A saga, for handlers whose `access` names it. */
export interface SagaClient<Input> {
  /**
   * Starts the saga of a business key, once: a second start changes nothing, whatever its input. Both engines remember
   * keys for 90 days after a saga ends; with the construct's `start({ remember: 'forever' })`, forever.
   * @param key of the transaction, such as an order number: never a new one per attempt
   */
  start(key: string, input: Input): Promise<StartResult>;
  /**
   * Undoes what is left of a parked saga, with its original keys. What was undone is not undone again.
   * @param message from the queue of parked sagas, parsed or not
   * @throws Error when the message does not contain the data
   */
  resume(message: string | ParkedMessage): Promise<StartResult>;
  /** Completes a step that waits for a callback. */
  answer(taskToken: string, result: unknown): Promise<AnswerResult>;
  /** Refuses a step that waits for a callback: nothing was done. */
  refuse(taskToken: string, error: Error): Promise<AnswerResult>;
  /** Reports that a step with `heartbeat` is still working. */
  beat(taskToken: string): Promise<AnswerResult>;
}

/**
 * The saga of a name in `access`.
 * @example
 * const { started } = await saga<Order>('ORDER').start(order.id, order);
 */
export function saga<Input = unknown>(name: string): SagaClient<Input> {
  return new Client<Input>(name);
}

const RESUME = /-resume-(\d+)$/;
/** Largest input in bytes that travels with a saga that has a bucket: a quarter of what it carries. */
const MOST_INPUT = 50 * 1024;
/** The field in which an execution receives anything other than its input. */
const ENVELOPE = 'lintel:saga';

class Client<Input> implements SagaClient<Input> {
  constructor(private readonly variable: string) {}

  async start(key: string, input: Input): Promise<StartResult> {
    const name = nameOf(key, this.engine.names);
    const records = process.env[`${this.variable}_RECORDS`];
    if (records !== undefined && !(await remember(records, name))) return { started: false, name };
    // Makes each start unique: repeating an identical start would succeed, and look like the first one.
    const given = await leave(this.claims, `_input/${name}/`, input, MOST_INPUT);
    const started = await this.execute(name, { start: randomUUID(), input: given });
    if (records !== undefined) await confirm(records, name);
    return { started, name };
  }

  async resume(message: string | ParkedMessage): Promise<StartResult> {
    const {
      name: before,
      key,
      failed,
      outcomes,
      data,
    } = (typeof message === 'string' ? JSON.parse(message) : message) as ParkedMessage;
    if ('inHistoryOf' in data) {
      throw new Error(
        `The data of ${before} are too large for a message: its history has them, for 90 days; undo it by hand`,
      );
    }
    const { undo: _, ...reason } = failed as { undo?: object };
    const number = Number(RESUME.exec(before)?.[1] ?? 0) + 1;
    const name = `${before.replace(RESUME, '')}-resume-${number}`;
    return { started: await this.execute(name, { key, failed: reason, outcomes, ...data }), name };
  }

  async answer(taskToken: string, result: unknown): Promise<AnswerResult> {
    const share = Number(process.env[`${this.variable}_CLAIMS_BYTES`]);
    const given = await leave(share > 0 ? this.claims : undefined, '_answers/', result ?? null, share);
    return late(this.engine.answer(taskToken, JSON.stringify(given)));
  }

  refuse(taskToken: string, { name, message }: Error): Promise<AnswerResult> {
    return late(this.engine.refuse(taskToken, { name, message }));
  }

  beat(taskToken: string): Promise<AnswerResult> {
    return late(this.engine.beat(taskToken));
  }

  private execute(name: string, content: object): Promise<boolean> {
    return this.engine.start(name, JSON.stringify({ [ENVELOPE]: content }));
  }

  private get claims(): string | undefined {
    return process.env[`${this.variable}_CLAIMS`];
  }

  private get engine(): SagaEngine {
    const arn = process.env[this.variable];
    if (arn === undefined) throw new Error(`The variable '${this.variable}' is not set; name the saga in 'access'`);
    return engineOf(arn);
  }
}

/** An execution's name: the key itself, or its readable part with a hash. */
function nameOf(key: string, { form, most }: SagaEngine['names']): string {
  if (form.test(key) && key.length <= most && !RESUME.test(key)) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${key.replace(/[^\w-]+/g, '-').slice(0, most - hash.length - 1)}-${hash}`;
}

/** False for a key started before. A start that was never confirmed may not have happened. */
async function remember(table: string, name: string): Promise<boolean> {
  try {
    await dynamodb().send(
      new PutItemCommand({
        TableName: table,
        Item: { id: { S: `start:${name}` }, state: { S: 'starting' } },
        ConditionExpression: 'attribute_not_exists(id) OR #state = :starting',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':starting': { S: 'starting' } },
      }),
    );
    return true;
  } catch (error) {
    if (named(error) === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function confirm(table: string, name: string): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { id: { S: `start:${name}` } },
      UpdateExpression: 'SET #state = :started',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':started': { S: 'started' } },
    }),
  );
}

async function late(sent: Promise<unknown>): Promise<AnswerResult> {
  try {
    await sent;
    return { accepted: true };
  } catch (error) {
    if (isLate(error)) return { accepted: false, reason: 'late' };
    throw error;
  }
}

function named(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

let client: DynamoDBClient | undefined;

function dynamodb(): DynamoDBClient {
  return (client ??= new DynamoDBClient({}));
}
