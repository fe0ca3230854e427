import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { leaveData } from './claims';
import { type CloudEvent, cloudEvent, type NewEvent } from './cloud-event';
import { type Declared, outgoing, type Outgoing, requestsOf } from './entries';
import { type AnyEvent, type Publisher, PublishError, type PublishOptions, type Unpublished } from './publishing';
import type { HubName, PublishedBy, SourceOf } from '../declared';
import { traceparent } from './trace';
import { validated } from './validated';

/** Attempts on an entry that the bus throttled or failed on. */
const ATTEMPTS = 5;
/** Milliseconds before the second attempt; twice as long before each further one. */
const FIRST_PAUSE = 50;
const TRANSIENT = ['ThrottlingException', 'InternalException', 'InternalFailure', 'ServiceUnavailable'];
/** Bytes of the entries of one request, unless the hub says more. */
const MOST_BYTES = 262_144;

/**
 * The publisher of a name in `access`. With the declaration that `lintel types` writes, names, sources, types and data are those of
 * the app; with types of your own, `publisher<Events>(...)`, those.
 * @example
 * await publisher('HUB', { source: 'shop.orders' }).publish({ type: 'OrderPlaced', data: order });
 */
export function publisher<
  Types extends object = never,
  const Name extends HubName<Types> = HubName<Types>,
  const Source extends SourceOf<Name> = SourceOf<Name>,
>(name: Name, props: { readonly source: Source }): Publisher<PublishedBy<Name, Source, Types>> {
  return new BusPublisher(name, props.source);
}

class BusPublisher<Types extends object> implements Publisher<Types> {
  constructor(
    private readonly variable: string,
    private readonly source: string,
  ) {}

  async publish(
    events: AnyEvent<Types> | readonly AnyEvent<Types>[],
    { cause }: PublishOptions = {},
  ): Promise<readonly CloudEvent[]> {
    const bus = process.env[this.variable];
    if (bus === undefined) {
      throw new Error(`The variable '${this.variable}' is not set; name the hub in 'access': hub.publish({ ... })`);
    }
    const now = new Date();
    const trace = traceparent(process.env._X_AMZN_TRACE_ID);
    const making = {
      source: this.source,
      now,
      ...(trace !== undefined && { traceparent: trace }),
      ...(cause && { cause }),
    };
    const made = [events].flat().map((event) => cloudEvent(event as NewEvent, { ...making, id: randomUUID() }));
    validated(made, this.variable);
    const failed: Unpublished[] = [];
    const sent = await Promise.all(made.map((event) => this.fitting(event, bus)));
    for (const request of requestsOf(sent, this.declared(), this.mostBytes())) {
      failed.push(...(await put(request)));
    }
    const published = made.filter((event) => !failed.some((one) => one.event === event));
    if (failed.length > 0) throw new PublishError(failed, published);
    return published;
  }

  /** An event that is too large for the bus goes without its data, where the hub has a bucket for them. */
  private async fitting(event: CloudEvent, bus: string): Promise<Outgoing> {
    const whole = outgoing(event, bus);
    const bucket = process.env[`${this.variable}_CLAIMS`];
    const most = this.mostBytes();
    if (whole.size <= most) return whole;
    if (bucket === undefined) {
      throw new RangeError(
        `'${event.type}' has ${whole.size} bytes, more than the ${most} of the bus; give the hub a 'claimCheck', raise its 'maxEntrySize', or say less`,
      );
    }
    return { ...outgoing(await leaveData(event, bucket), bus), event };
  }

  private mostBytes(): number {
    return Number(process.env[`${this.variable}_LIMIT`] ?? MOST_BYTES);
  }

  /** What each statement of the function's policy allows; see `publish()` of the hub. */
  private declared(): readonly Declared[] {
    const prefix = `${this.variable}_PUBLISH_`;
    return Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [JSON.parse(value) as Declared] : [],
    );
  }
}

/** Puts the entries of a request on the bus, and those again that it could not take at the time. */
async function put(request: readonly Outgoing[]): Promise<readonly Unpublished[]> {
  let left = request;
  const failed: Unpublished[] = [];
  for (let attempt = 1; left.length > 0; attempt++) {
    const refused = await once(left);
    const again = attempt < ATTEMPTS ? refused.filter(({ code }) => TRANSIENT.includes(code)) : [];
    failed.push(...refused.filter((one) => !again.includes(one)));
    left = left.filter(({ event }) => again.some((one) => one.event === event));
    if (left.length > 0) await sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
  return failed;
}

async function once(request: readonly Outgoing[]): Promise<readonly Unpublished[]> {
  try {
    const { Entries = [] } = await client().send(new PutEventsCommand({ Entries: request.map(({ entry }) => entry) }));
    return request.flatMap(({ event }, index) => {
      const { ErrorCode: code, ErrorMessage: message = '' } = Entries[index] ?? {};
      return code === undefined ? [] : [{ event, code, message }];
    });
  } catch (error) {
    const { name: code, message } = error as Error;
    return request.map(({ event }) => ({ event, code, message }));
  }
}

let bridge: EventBridgeClient | undefined;

function client(): EventBridgeClient {
  return (bridge ??= new EventBridgeClient({}));
}
