import { type JsonObject, asList, parseJson, recordOf, records, text, texts } from '../../kernel/json';
import { parseArn } from '../../../../core/arn';
import type { PipeCalls } from './calls';
import { withPaths } from './template';

/** One record on its way to the target. */
export interface Item {
  /** The record from the source or enrichment, against which parameter paths resolve. */
  readonly value: unknown;
  /** What the target receives. */
  readonly payload: string;
}

/** A call to a target. */
export interface TargetCall {
  readonly calls: PipeCalls;
  /** The ARN of the target. */
  readonly arn: string;
  /** The target's parameters, with unresolved paths. */
  readonly parameters: JsonObject;
  /** The URL of a queue, by its ARN. */
  readonly queueUrl: string;
  /** The name of the pipe. */
  readonly pipe: string;
  /** The name of its source in events: `aws:sqs`. */
  readonly source: string;
}

/** The target's result: its response, if any, or the indices of the items it rejected. */
export type Taken = { readonly answer?: string } | { readonly failed: readonly number[]; readonly why: string };

/** A kind of target. */
interface Target {
  /** The service as the SDK signs for it. */
  readonly service: string;
  /** Maximum items per call. */
  readonly most: number;
  /** Sends items to the target. */
  send(call: TargetCall, items: readonly Item[]): Promise<Taken>;
}

const WHOLE = Infinity;

const LAMBDA: Target = {
  service: 'lambda',
  most: WHOLE,
  async send({ calls, arn, parameters }, items) {
    const wait = recordOf(parameters.LambdaFunctionParameters).InvocationType !== 'FIRE_AND_FORGET';
    return answered(await calls.invoke(arn, arrayOf(items), wait));
  },
};

const STATES: Target = {
  service: 'states',
  most: WHOLE,
  async send({ calls, arn, parameters }, items) {
    const wait = waits(parameters);
    return answered(await calls.start(arn, arrayOf(items), wait));
  },
};

const SQS: Target = {
  service: 'sqs',
  most: 10,
  async send({ calls, queueUrl, parameters }, items) {
    const Entries = items.map(({ value, payload }, index) => {
      const { MessageGroupId, MessageDeduplicationId } = own(parameters, 'SqsQueueParameters', value);
      const [group, deduplication] = [text(MessageGroupId), text(MessageDeduplicationId)];
      return {
        Id: String(index),
        MessageBody: payload,
        ...(group !== undefined && { MessageGroupId: group }),
        ...(deduplication !== undefined && { MessageDeduplicationId: deduplication }),
      };
    });
    const answer = await calls.json('sqs', 'AmazonSQS', 'SendMessageBatch', { QueueUrl: queueUrl, Entries });
    return partly(
      records(answer.Failed).map(({ Id, Message }) => ({ index: Number(Id), why: text(Message) ?? 'refused' })),
    );
  },
};

const BUS: Target = {
  service: 'events',
  most: 10,
  async send({ calls, arn, parameters, pipe, source }, items) {
    const Entries = items.map(({ value, payload }) => {
      const given = own(parameters, 'EventBridgeEventBusParameters', value);
      const time = text(given.Time);
      const resources = texts(asList(given.Resources).flat());
      return {
        EventBusName: arn,
        Source: text(given.Source) ?? `Pipe ${pipe}`,
        DetailType: text(given.DetailType) ?? `Event from ${source}`,
        Detail: payload,
        ...(resources.length > 0 && { Resources: resources }),
        ...(time !== undefined && { Time: new Date(time).getTime() / 1000 }),
      };
    });
    const answer = await calls.json('events', 'AWSEvents', 'PutEvents', { Entries });
    return partly(failedOf(answer.Entries));
  },
};

const KINESIS: Target = {
  service: 'kinesis',
  most: 500,
  async send({ calls, arn, parameters }, items) {
    const Records = items.map(({ value, payload }) => ({
      Data: Buffer.from(payload).toString('base64'),
      PartitionKey: text(own(parameters, 'KinesisStreamParameters', value).PartitionKey) ?? '',
    }));
    const answer = await calls.json('kinesis', 'Kinesis_20131202', 'PutRecords', { StreamARN: arn, Records });
    return partly(failedOf(answer.Records));
  },
};

const SNS: Target = {
  service: 'sns',
  most: 10,
  async send({ calls, arn }, items) {
    for (const { payload } of items) await calls.deliver(arn, payload);
    return {};
  },
};

const API: Target = {
  service: 'events',
  most: 1,
  async send({ calls, arn, parameters }, [item]) {
    if (!item) return {};
    return {
      answer: await calls.invokeDestination(arn, item.payload, recordOf(parameters.HttpParameters), item.value),
    };
  },
};

const TARGETS: Readonly<Record<string, Target>> = {
  lambda: LAMBDA,
  states: STATES,
  sqs: SQS,
  events: BUS,
  kinesis: KINESIS,
  sns: SNS,
};

/** The target for an ARN; undefined for an unsupported kind. */
export function targetOf(arn: string): Target | undefined {
  const { service = '', resource = '' } = parseArn(arn) ?? {};
  if (isDestination(arn)) return API;
  if (service === 'events' && !resource.startsWith('event-bus/')) return undefined;
  return Object.hasOwn(TARGETS, service) ? TARGETS[service] : undefined;
}

/** Whether an ARN is that of an API destination. */
export function isDestination(arn: string): boolean {
  return parseArn(arn)?.resource.startsWith('api-destination/') === true;
}

/** The largest batch that Pipes allows for a target; undefined if unlimited. */
export function batchLimit(arn: string): number | undefined {
  const { service = '', resource = '' } = parseArn(arn) ?? {};
  const limits: Readonly<Record<string, number | undefined>> = {
    lambda: WHOLE,
    states: WHOLE,
    sqs: 10,
    sns: 10,
    events: resource.startsWith('event-bus/') ? 10 : 1,
    kinesis: 500,
    firehose: 500,
    logs: 10_000,
  };
  const limit = Object.hasOwn(limits, service) ? limits[service] : 1;
  return limit === WHOLE ? undefined : limit;
}

/** Whether the invocation is synchronous. */
export function waits(parameters: JsonObject): boolean {
  return recordOf(parameters.StepFunctionStateMachineParameters).InvocationType !== 'FIRE_AND_FORGET';
}

function own(parameters: JsonObject, name: string, value: unknown): JsonObject {
  return withPaths(recordOf(parameters[name]), value);
}

/** The items as one JSON array. Template output that is not JSON breaks it, as on AWS. */
function arrayOf(items: readonly Item[]): string {
  return `[${items.map(({ payload }) => payload).join(',')}]`;
}

function answered(answer: string | undefined): Taken {
  return answer === undefined ? {} : { answer };
}

function partly(failures: readonly { readonly index: number; readonly why: string }[]): Taken {
  const [first] = failures;
  return first ? { failed: failures.map(({ index }) => index), why: first.why } : {};
}

function failedOf(entries: unknown): { readonly index: number; readonly why: string }[] {
  return asList(entries).flatMap((entry, index) => {
    const { ErrorCode, ErrorMessage } = recordOf(entry);
    return ErrorCode === undefined ? [] : [{ index, why: `${text(ErrorCode)}: ${text(ErrorMessage)}` }];
  });
}

/** Whether an enrichment's response leaves nothing for the target. */
export function isNothing(answer: unknown): boolean {
  if (answer === undefined || answer === null || answer === '') return true;
  return typeof answer === 'object' && Object.keys(answer).length === 0;
}

/** The items in an enrichment's response: one or several. */
export function itemsOf(answer: string): readonly unknown[] {
  const parsed = answer === '' ? '' : (parseJson(answer) ?? answer);
  if (isNothing(parsed)) return [];
  return Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
}
