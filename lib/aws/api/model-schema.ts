import { isRecord } from '../../core/record';

/** Why API Gateway would refuse a schema. */
export interface SchemaProblem {
  /** Path within the schema. */
  readonly place: readonly string[];
  readonly rule: string;
  readonly remedy: string;
}

/** Keywords that hold one schema. */
const ONE = ['not', 'additionalItems', 'additionalProperties', 'items'];
/** Keywords that hold schemas under names the team chooses. */
const NAMED = ['properties', 'patternProperties', 'definitions', 'dependencies'];
/** Keywords that hold a list of schemas. */
const MANY = ['allOf', 'anyOf', 'oneOf', 'items'];
const BOUNDS = ['exclusiveMinimum', 'exclusiveMaximum'];
/** Keywords that hold values. */
const VALUES = [
  '$schema',
  '$ref',
  'id',
  'title',
  'description',
  'default',
  'type',
  'enum',
  'required',
  'format',
  'pattern',
  'multipleOf',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];
const KEYWORDS = new Set([...ONE, ...NAMED, ...MANY, ...BOUNDS, ...VALUES]);

/** Draft 4 equivalents of keywords from later drafts and OpenAPI. */
const DRAFT_4: Readonly<Record<string, string>> = {
  const: 'write { enum: [value] }',
  $id: "write 'id', or remove it",
  $defs: "write 'definitions'",
  examples: 'remove it',
  example: 'remove it',
  nullable: "write { type: ['string', 'null'] }",
  dependentRequired: "write 'dependencies'",
  dependentSchemas: "write 'dependencies'",
  prefixItems: "write 'items' as a list",
  if: "write 'anyOf', or check it in the handler",
  discriminator: "remove it: only 'oneOf' is checked",
};

/**
 * What API Gateway would refuse in a model's schema: it supports draft 4 only, and any keyword of
 * a later draft fails the deployment.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function modelSchemaProblems(schema: unknown, place: readonly string[] = []): SchemaProblem[] {
  if (!isRecord(schema)) {
    const remedy = schema === true ? 'write {}' : schema === false ? 'write { not: {} }' : 'write an object';
    return [{ place, rule: 'must be an object: API Gateway models are JSON Schema draft 4', remedy }];
  }
  return Object.entries(schema).flatMap(([keyword, value]): SchemaProblem[] => {
    const here = [...place, keyword];
    if (!KEYWORDS.has(keyword)) {
      const rule = 'must not be in a schema for API Gateway, whose models are JSON Schema draft 4';
      return [{ place: here, rule, remedy: DRAFT_4[keyword] ?? 'remove it, and check it in the handler' }];
    }
    return [...valueProblems(keyword, value, here), ...innerProblems(keyword, value, here)];
  });
}

function innerProblems(keyword: string, value: unknown, here: readonly string[]): SchemaProblem[] {
  if (NAMED.includes(keyword) && isRecord(value)) {
    return Object.entries(value).flatMap(([name, one]) =>
      keyword === 'dependencies' && Array.isArray(one) ? [] : modelSchemaProblems(one, [...here, name]),
    );
  }
  if (MANY.includes(keyword) && Array.isArray(value)) {
    return value.flatMap((one, index) => modelSchemaProblems(one, [...here, String(index)]));
  }
  if (!ONE.includes(keyword)) return [];
  return keyword.startsWith('additional') && typeof value === 'boolean' ? [] : modelSchemaProblems(value, here);
}

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

function isType(value: unknown): boolean {
  const all = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return all.length > 0 && all.every((one) => TYPES.includes(one as string));
}

function valueProblems(keyword: string, value: unknown, place: readonly string[]): SchemaProblem[] {
  if (BOUNDS.includes(keyword) && typeof value !== 'boolean') {
    const bound = keyword === 'exclusiveMinimum' ? 'minimum' : 'maximum';
    const remedy = `write { ${bound}: ${String(value)}, ${keyword}: true }`;
    return [{ place, rule: 'must be true or false in JSON Schema draft 4', remedy }];
  }
  if (keyword === 'type' && !isType(value)) {
    return [{ place, rule: `must be one or more of ${TYPES.join(', ')}`, remedy: 'name the type of the value' }];
  }
  if (keyword === '$ref' && !String(value).startsWith('#/')) {
    const remedy = "put the other schema into 'definitions': '#/definitions/Item'";
    return [{ place, rule: "must start with '#/', since API Gateway fetches no schemas", remedy }];
  }
  if (keyword === '$schema' && !/^https?:\/\/json-schema\.org\/draft-04\/schema#?$/.test(String(value))) {
    return [{ place, rule: 'must be draft 4, as API Gateway models are', remedy: 'remove it' }];
  }
  if (keyword === 'required' && !(Array.isArray(value) && value.length > 0)) {
    return [
      {
        place,
        rule: 'must be a non-empty list of names in JSON Schema draft 4',
        remedy: 'name them, or remove it',
      },
    ];
  }
  if (
    keyword === 'enum' &&
    !(
      Array.isArray(value) &&
      new Set(value.map((one) => JSON.stringify(one))).size === value.length &&
      value.length > 0
    )
  ) {
    return [{ place, rule: 'must be a non-empty list of distinct values', remedy: 'list each only once' }];
  }
  return [];
}
