import type { JsonSchema } from '../../core/event-schema/json-schema';

/** Schema of an event in its CloudEvents envelope, as written by `publisher()`: the `detail` on the bus. */
export function envelope(type: string, data: JsonSchema, claims: boolean): JsonSchema {
  const text = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', ...(claims ? [] : ['data'])],
    ...(claims && { anyOf: [{ required: ['data'] }, { required: ['dataref'] }] }),
    properties: {
      specversion: { enum: ['1.0'] },
      id: text,
      source: text,
      type: { enum: [type] },
      time: { type: 'string', format: 'date-time' },
      subject: text,
      datacontenttype: text,
      dataschema: text,
      traceparent: text,
      causationid: text,
      correlationid: text,
      hops: { type: 'integer', minimum: 1 },
      ...(claims && { dataref: text }),
      data,
    },
  };
}
