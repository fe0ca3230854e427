import { AwsError } from '../../kernel/aws-errors';
import { jsonCall } from '../../kernel/forward';
import { type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext, Sender } from '../../kernel/service';
import { parseArn } from '../../../../core/arn';
import { jsonPath } from '../api-gateway/vtl/json-path';
import type { ApiDestinations } from './api-destinations';

/** Sends to a target that takes no service deliveries. */
export type Send = (payload: unknown, sender: Sender) => Promise<void>;

/** Rule targets with special delivery: Kinesis streams, API destinations and log groups. */
export class Senders {
  /** What they work with. */
  constructor(
    private readonly context: LocalContext,
    private readonly destinations: ApiDestinations,
  ) {}

  /** The sender for a target; undefined if its service takes deliveries. */
  of(target: JsonObject, event: JsonObject): Send | undefined {
    const arn = text(target.Arn) ?? '';
    const { service, resource = '' } = parseArn(arn) ?? {};
    if (service === 'logs') return (payload, sender) => this.log(target, payload, sender);
    if (service === 'kinesis') return (payload, sender) => this.put(target, event, text(payload) ?? '', sender);
    if (service !== 'events' || !resource.startsWith('api-destination/')) return undefined;
    return async (payload, sender) => {
      await this.destinations.invoke(arn, payload, recordOf(target.HttpParameters), event, sender);
    };
  }

  /** Why a target is not run here; undefined if it is. */
  whyNotRun(arn: string): string | undefined {
    const { service, resource = '' } = parseArn(arn) ?? {};
    if (service === 'kinesis') return this.context.eventSource(arn) ? undefined : `its target '${arn}' is not run`;
    if (service === 'events' && resource.startsWith('api-destination/')) return this.destinations.whyNotRun(arn);
    return this.context.reaches(arn) ? undefined : `its target '${arn}' is not run`;
  }

  /** A line for a log group: the event, or the message of a custom input. */
  private async log(target: JsonObject, payload: unknown, sender: Sender): Promise<void> {
    const own = ['Input', 'InputPath', 'InputTransformer'].some((name) => target[name] !== undefined);
    const { timestamp, message } = recordOf(payload);
    if (own && (timestamp === undefined || message === undefined)) {
      throw new AwsError('INVALID_JSON', 'The input of a log group must have a timestamp and a message', 400);
    }
    const line = own ? (text(message) ?? JSON.stringify(message)) : payload;
    await this.context.deliver({ target: text(target.Arn) ?? '', payload: line, sender });
  }

  private async put(target: JsonObject, event: JsonObject, payload: string, sender: Sender): Promise<void> {
    if ('service' in sender)
      throw new AwsError('NO_PERMISSIONS', 'Writing to a stream requires a role, and the target has none');
    const path = text(recordOf(target.KinesisParameters).PartitionKeyPath);
    const input = {
      StreamARN: target.Arn,
      Data: Buffer.from(payload).toString('base64'),
      PartitionKey: text(path === undefined ? event.id : jsonPath(path, event)) ?? '',
    };
    const { status, body } = await this.context.call(
      'kinesis',
      jsonCall('Kinesis_20131202', 'PutRecord', input),
      sender,
    );
    if (status === 200) return;
    const { __type, message } = recordOf(parseJson(String(body)));
    const code = text(__type)?.split('#').at(-1) ?? String(status);
    // Throttled calls are retried.
    throw new AwsError(code, text(message) ?? String(body), /Throughput|Throttl/.test(code) ? 503 : status);
  }
}
