/**
 * An event in a CloudEvents 1.0 envelope. Further attributes are extensions: lower-case letters and digits.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent<Data = unknown> {
  /** The version of CloudEvents. */
  readonly specversion: '1.0';
  /** Together with `source`, identifies an event; the same for each delivery of it. */
  readonly id: string;
  /** Where it comes from: `shop.orders`. */
  readonly source: string;
  /** What happened: `OrderPlaced`. */
  readonly type: string;
  /** When, in RFC 3339. */
  readonly time: string;
  /** What it is about, within the source: the number of an order. */
  readonly subject?: string;
  /** Content type of `data`; JSON if absent. */
  readonly datacontenttype?: string;
  /** URI of the schema of `data`. */
  readonly dataschema?: string;
  /** The payload. */
  readonly data: Data;
  /** Extensions. */
  readonly [extension: string]: unknown;
}

/** Whether a value is a CloudEvents 1.0 event, with all identifying attributes non-empty. */
export function isCloudEvent(event: unknown): event is CloudEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { specversion, id, source, type } = event as Partial<CloudEvent>;
  return specversion === '1.0' && [id, source, type].every((one) => typeof one === 'string' && one !== '');
}

/** An event to publish: its type and data, and optionally further CloudEvents attributes. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  /** What happened: `OrderPlaced`. */
  readonly type: Type;
  /** The payload; anything JSON can represent. */
  readonly data: Data;
  /**
   * The same for each attempt to publish this event. With an explicit id, an event published twice is processed once.
   * @default - a random one
   */
  readonly id?: string;
  /**
   * What it is about, within the source.
   * @default - none
   */
  readonly subject?: string;
  /**
   * When it happened.
   * @default - now
   */
  readonly time?: Date | string;
  /**
   * URI of the schema of `data`.
   * @default - none
   */
  readonly dataschema?: string;
  /** Extensions: names of lower-case letters and digits; strings, integers or booleans. */
  readonly [extension: string]: unknown;
}

/** Inputs of a new event. */
export interface Making {
  /** Its source. */
  readonly source: string;
  /** Its id, unless the event has one. */
  readonly id: string;
  /** Its time, unless the event has one. */
  readonly now: Date;
  /** W3C trace context, if there is one. */
  readonly traceparent?: string;
  /** The event that caused this one. */
  readonly cause?: CloudEvent;
}

const ATTRIBUTES = ['type', 'data', 'id', 'subject', 'time', 'dataschema', 'datacontenttype', 'specversion', 'source'];
const EXTENSION = /^[a-z0-9]{1,20}$/;

/**
 * A valid CloudEvent.
 * @throws TypeError for anything CloudEvents does not allow
 */
export function cloudEvent<Data>(event: NewEvent<string, Data>, making: Making): CloudEvent<Data> {
  const { type, data, id = making.id, subject, dataschema } = event;
  const { source, cause, traceparent } = making;
  for (const [name, value] of Object.entries({ type, id, source })) text(type, name, value);
  for (const [name, value] of Object.entries({ subject, dataschema })) value === undefined || text(type, name, value);
  if (event.source !== undefined && event.source !== source) {
    throw new TypeError(`'${type}' has the source '${String(event.source)}', but this publisher is '${source}'`);
  }
  if (data === undefined || typeof data === 'function') throw new TypeError(`'${type}' has no data; null would do`);
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

/** What an event records about its cause; `hops` counts the length of the chain. */
function causedBy(cause: CloudEvent) {
  const { correlationid: correlation, hops } = cause;
  return {
    causationid: cause.id,
    correlationid: typeof correlation === 'string' ? correlation : cause.id,
    hops: hopsOf(hops) + 1,
  };
}

/** Length of an event's causal chain; a foreign publisher may write the number as a string. */
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
        `'${event.type}' has the extension '${name}' of a type that CloudEvents does not support; give a string, an integer or a boolean`,
      );
    }
  }
  return Object.fromEntries(extensions);
}

function timeOf({ type, time }: NewEvent, now: Date): string {
  if (time === undefined) return now.toISOString();
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new TypeError(`'${type}' has the time '${String(time)}', which is invalid`);
  return date.toISOString();
}

function text(type: unknown, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  throw new TypeError(`'${name}' of '${String(type)}' must be a non-empty string`);
}
