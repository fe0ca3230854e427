import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { inDraft4 } from '../../core/event-schema/draft-4';
import type { JsonSchema } from '../../core/event-schema/json-schema';
import { movedTo } from '../../core/event-schema/moved';
import { registryDescription, schemaContent } from '../../core/facts/events';
import { keysOf } from '../../core/document-keys';
import { envelope } from './envelope';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Checks that schemas can be registered: each has an equivalent in the registry's dialect, and fits. */
export function registryChecks(register: boolean | undefined, schemas: Schemas | undefined, claims: boolean): Check[] {
  if (register !== true) return [];
  if (schemas === undefined)
    return [
      {
        prop: 'register',
        value: register,
        valid: () => false,
        rule: "must not be true without 'events', the schemas to register",
        remedy: 'give the schemas, or remove it',
      },
    ];
  return Object.entries(schemas).flatMap(([type, schema]): Check[] => [
    ...inDraft4(schema).faults.map(({ pointer, why }) => ({
      prop: `events.${type}`,
      value: pointer,
      valid: () => false,
      rule: `must be expressible in JSON Schema draft 4, the latest the registry supports: '${pointer}' ${why}`,
      remedy: "rewrite it, or leave 'register' out",
    })),
    {
      prop: `events.${type}`,
      value: type,
      valid: () => contentOf(type, schema, claims).length <= schemaContent.value,
      rule: `must be at most ${schemaContent.value} characters in the registry, with the envelope`,
      remedy: "shorten it, or leave 'register' out",
    },
  ]);
}

/**
 * A hub's own registry with a schema per type. Each describes the whole event, as a rule's target receives it. Changing a schema
 * adds a version.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema.html
 */
export function registered(hub: Construct, schemas: Schemas, claims: boolean): CfnRegistry {
  const registry = new CfnRegistry(hub, 'Registry', {
    description: `Events of ${hub.node.path}`.slice(0, registryDescription.value),
  });
  const keys = keysOf(Object.keys(schemas));
  const scope = new Construct(hub, 'Schemas');
  for (const [type, schema] of Object.entries(schemas)) {
    const schemaName = keys.get(type)!;
    new CfnSchema(scope, schemaName, {
      registryName: registry.attrRegistryName,
      schemaName,
      type: 'JSONSchemaDraft4',
      content: contentOf(type, schema, claims),
    });
  }
  return registry;
}

function contentOf(type: string, schema: JsonSchema, claims: boolean): string {
  const text = { type: 'string' };
  const { schema: data } = inDraft4(schema);
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    title: type,
    'x-amazon-events-detail-type': type,
    type: 'object',
    required: ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
    properties: {
      version: text,
      id: text,
      'detail-type': { enum: [type] },
      source: text,
      account: text,
      time: { type: 'string', format: 'date-time' },
      region: text,
      resources: { type: 'array', items: text },
      'replay-name': text,
      detail: envelope(type, { $ref: '#/definitions/data' }, claims),
    },
    definitions: { data: movedTo(data, '#/definitions/data') },
  });
}
