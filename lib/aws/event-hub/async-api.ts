import type { JsonSchema } from '../../core/event-schema/json-schema';
import { isRecord } from '../../core/record';
import type { PublishProps } from './publish';

/** What a document of a hub says. */
export interface AsyncApiParts {
  readonly title: string;
  readonly version: string;
  readonly events: Readonly<Record<string, JsonSchema>>;
  readonly publishers: readonly PublishProps[];
  readonly subscribers: readonly { readonly name: string; readonly types?: readonly string[] }[];
}

/**
 * A hub in AsyncAPI 3: a channel with a message for each type in the envelope of CloudEvents, what may be sent by source, and
 * who receives.
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApi({ title, version, events, publishers, subscribers }: AsyncApiParts): object {
  const types = [
    ...new Set([
      ...Object.keys(events),
      ...publishers.flatMap((one) => one.types),
      ...subscribers.flatMap((one) => one.types ?? []),
    ]),
  ].sort();
  const messages = (of: readonly string[]) =>
    [...of].sort().map((type) => ({ $ref: `#/channels/hub/messages/${type}` }));
  const operation = (action: string, of: readonly string[]) => ({
    action,
    channel: { $ref: '#/channels/hub' },
    messages: messages(of),
  });
  return {
    asyncapi: '3.0.0',
    info: { title, version },
    defaultContentType: 'application/cloudevents+json',
    channels: {
      hub: {
        address: null,
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: Object.fromEntries([
      ...publishers.map(({ source, types: of }, index) => [
        `send-${index}-${source.replace(/\W+/g, '-')}`,
        operation('send', of),
      ]),
      ...subscribers.map(({ name, types: of }) => [
        `receive-${name.replace(/\W+/g, '-')}`,
        operation('receive', of ?? types),
      ]),
    ]) as Record<string, object>,
    components: {
      messages: Object.fromEntries(
        types.map((type) => [type, { name: type, payload: envelope(type, type in events) }]),
      ),
      schemas: Object.fromEntries(
        Object.entries(events).map(([type, schema]) => [type, within(schema, `#/components/schemas/${type}`)]),
      ),
    },
  };
}

/** The whole event: what is in `detail` on the bus. */
function envelope(type: string, known: boolean): object {
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', minLength: 1 },
      source: { type: 'string', format: 'uri-reference' },
      type: { const: type },
      time: { type: 'string', format: 'date-time' },
      subject: { type: 'string' },
      data: known ? { $ref: `#/components/schemas/${type}` } : {},
    },
  };
}

/** A schema at its place in a document: what it refers to within itself is below that place. */
function within(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((one) => within(one, place));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) =>
      name === '$ref' && typeof one === 'string' && one.startsWith('#')
        ? [name, `${place}${one.slice(1)}`]
        : [name, within(one, place)],
    ),
  );
}
