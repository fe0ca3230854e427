/**
 * An event in the envelope of CloudEvents 1.0. Further attributes are extensions: lower-case letters and digits.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Data = unknown> {
  /** The version of CloudEvents. */
  readonly specversion: '1.0';
  /** With `source` it tells an event from every other; the same for each delivery of one event. */
  readonly id: string;
  /** Who says so: `shop.orders`. */
  readonly source: string;
  /** What happened: `OrderPlaced`. */
  readonly type: string;
  /** When, in RFC 3339. */
  readonly time: string;
  /** What it is about, within the source: the number of an order. */
  readonly subject?: string;
  /** What `data` is written in; JSON where it is absent. */
  readonly datacontenttype?: string;
  /** URI of the schema of `data`. */
  readonly dataschema?: string;
  /** What is to be known of it. */
  readonly data: Data;
  /** Extensions. */
  readonly [extension: string]: unknown;
}

/** Whether something is in the envelope of CloudEvents 1.0, with what tells it from others: none of that may be empty. */
export function isCloudEvent(event: unknown): event is CloudEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { specversion, id, source, type } = event as Partial<CloudEvent>;
  return specversion === '1.0' && [id, source, type].every((one) => typeof one === 'string' && one !== '');
}

/** An event to be published: its type and its data; what else CloudEvents know of it may be given. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  /** What happened: `OrderPlaced`. */
  readonly type: Type;
  /** What is to be known of it; anything that JSON can hold. */
  readonly data: Data;
  /**
   * The same for each attempt to publish this event. With an id of its own, an event that is published twice is worked on once.
   * @default - a random one
   */
  readonly id?: string;
  /**
   * What it is about, within the source.
   * @default - not said
   */
  readonly subject?: string;
  /**
   * When it happened.
   * @default - now
   */
  readonly time?: Date | string;
  /**
   * URI of the schema of `data`.
   * @default - not said
   */
  readonly dataschema?: string;
  /** Extensions: names of lower-case letters and digits; texts, whole numbers, true or false. */
  readonly [extension: string]: unknown;
}

/** What an event is made with. */
export interface Making {
  /** Who says so. */
  readonly source: string;
  /** Where the event names none. */
  readonly id: string;
  /** Where the event names no time. */
  readonly now: Date;
  /** W3C trace context, where there is one. */
  readonly traceparent?: string;
  /** The event that led to this one. */
  readonly cause?: CloudEvent;
}

const ATTRIBUTES = ['type', 'data', 'id', 'subject', 'time', 'dataschema', 'datacontenttype', 'specversion', 'source'];
const EXTENSION = /^[a-z0-9]{1,20}$/;

/**
 * A valid CloudEvent.
 * @throws TypeError for what CloudEvents do not admit
 */
export function cloudEvent<Data>(event: NewEvent<string, Data>, making: Making): CloudEvent<Data> {
  const { type, data, id = making.id, subject, dataschema } = event;
  const { source, cause, traceparent } = making;
  for (const [name, value] of Object.entries({ type, id, source })) text(type, name, value);
  for (const [name, value] of Object.entries({ subject, dataschema })) value === undefined || text(type, name, value);
  if (event.source !== undefined && event.source !== source) {
    throw new TypeError(`'${type}' has the source '${String(event.source)}', and this publisher is '${source}'`);
  }
  if (data === undefined || typeof data === 'function') throw new TypeError(`'${type}' has no data; null is some`);
  return {
    specversion: '1.0',
    id,
    source,
    type,
    time: timeOf(event, making.now),
    ...(subject !== undefined && { subject }),
    datacontenttype: 'application/json',
    ...(dataschema !== undefined && { dataschema }),
    ...(traceparent !== undefined && { traceparent }),
    ...(cause && causedBy(cause)),
    ...extensionsOf(event),
    data,
  };
}

/** What an event says of the one that led to it; `hops` counts how many led to it. */
function causedBy(cause: CloudEvent) {
  const { correlationid: correlation, hops } = cause;
  return {
    causationid: cause.id,
    correlationid: typeof correlation === 'string' ? correlation : cause.id,
    hops: hopsOf(hops) + 1,
  };
}

/** How many events led to one; a publisher that is not ours may write the number as a text. */
export function hopsOf(hops: unknown): number {
  const number = Number(hops ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function extensionsOf(event: NewEvent): Readonly<Record<string, unknown>> {
  const extensions = Object.entries(event).filter(
    ([name, value]) => !ATTRIBUTES.includes(name) && value !== undefined && value !== null,
  );
  for (const [name, value] of extensions) {
    if (!EXTENSION.test(name)) {
      throw new TypeError(
        `'${event.type}' has the attribute '${name}'; the names of extensions are 1 to 20 lower-case letters and digits`,
      );
    }
    const whole = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    if (!whole && !['string', 'boolean'].includes(typeof value)) {
      throw new TypeError(
        `'${event.type}' has the extension '${name}' of a type that CloudEvents do not know; give a text, a whole number, true or false`,
      );
    }
  }
  return Object.fromEntries(extensions);
}

function timeOf({ type, time }: NewEvent, now: Date): string {
  if (time === undefined) return now.toISOString();
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new TypeError(`'${type}' has the time '${String(time)}', which is none`);
  return date.toISOString();
}

function text(type: unknown, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new TypeError(`'${name}' of '${String(type)}' must be a text that is not empty`);
}
