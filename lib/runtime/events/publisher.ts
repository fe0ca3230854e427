import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { leaveData } from './claims';
import { type CloudEvent, cloudEvent, type NewEvent } from './cloud-event';
import { type Declared, outgoing, type Outgoing, requestsOf } from './entries';
import { type AnyEvent, type Publisher, PublishError, type PublishOptions, sent, type Unpublished } from './publishing';
import type { HubName, PublishedBy, SourceOf } from '../declared';
import { traceparent } from './trace';
import { validated } from './validated';

/** Transient errors of the bus. */
const TRANSIENT = ['ThrottlingException', 'InternalException', 'InternalFailure', 'ServiceUnavailable'];
/** Maximum bytes per request, unless the hub allows more. */
const MOST_BYTES = 262_144;

/**
 * The publisher of a name in `access`. With the declaration from `lintel types`, names, sources, types and data are checked against
 * the app; with types of your own, `publisher<Events>(...)`, against those.
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
    const fit = await Promise.all(made.map((event) => this.fitting(event, bus)));
    for (const request of requestsOf(fit, this.declared(), this.mostBytes())) {
      failed.push(...(await sent(request, once, TRANSIENT)));
    }
    const published = made.filter((event) => !failed.some((one) => one.event === event));
    if (failed.length > 0) throw new PublishError(failed, published);
    return published;
  }

  /** An event that is too large for the bus is sent without its data, if the hub has a bucket for them. */
  private async fitting(event: CloudEvent, bus: string): Promise<Outgoing> {
    const whole = outgoing(event, bus);
    const bucket = process.env[`${this.variable}_CLAIMS`];
    const most = this.mostBytes();
    if (whole.size <= most) return whole;
    if (bucket === undefined) {
      throw new RangeError(
        `'${event.type}' has ${whole.size} bytes, more than the ${most} of the bus; give the hub a 'claimCheck', raise its 'maxEntrySize', or send less`,
      );
    }
    return { ...outgoing(await leaveData(event, bucket), bus), event };
  }

  private mostBytes(): number {
    return Number(process.env[`${this.variable}_LIMIT`] ?? MOST_BYTES);
  }

  /** What each statement of the function's policy allows; see the hub's `publish()`. */
  private declared(): readonly Declared[] {
    const prefix = `${this.variable}_PUBLISH_`;
    return Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [JSON.parse(value) as Declared] : [],
    );
  }
}

/** Puts a request's entries on the bus. */
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
