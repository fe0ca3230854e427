import { isRecord } from '../../core/record';

/** Why a schema is none that API Gateway takes. */
export interface SchemaProblem {
  /** Where, below the schema. */
  readonly place: readonly string[];
  readonly rule: string;
  readonly remedy: string;
}

/** Keywords that hold one schema. */
const ONE = ['not', 'additionalItems', 'additionalProperties', 'items'];
/** Keywords that hold schemas by names of the team. */
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

/** What to write in draft 4 for words of later drafts and of OpenAPI. */
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
  if: "write 'anyOf', or judge it in the handler",
  discriminator: "remove it: 'oneOf' alone is judged",
};

/**
 * What API Gateway would refuse in the schema of a model: it takes draft 4 alone, and fails the deployment for any word of
 * a later draft.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
 */
export function modelSchemaProblems(schema: unknown, place: readonly string[] = []): SchemaProblem[] {
  if (!isRecord(schema)) {
    const remedy = schema === true ? 'write {}' : schema === false ? 'write { not: {} }' : 'write an object';
    return [{ place, rule: 'must be an object: models of API Gateway are JSON schema of draft 4', remedy }];
  }
  return Object.entries(schema).flatMap(([keyword, value]): SchemaProblem[] => {
    const here = [...place, keyword];
    if (!KEYWORDS.has(keyword)) {
      const rule = 'must not be in a schema for API Gateway, whose models are JSON schema of draft 4';
      return [{ place: here, rule, remedy: DRAFT_4[keyword] ?? 'remove it, and judge it in the handler' }];
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
    return [{ place, rule: 'must be true or false in JSON schema of draft 4', remedy }];
  }
  if (keyword === 'type' && !isType(value)) {
    return [{ place, rule: `must be one or several of ${TYPES.join(', ')}`, remedy: 'name the type of the value' }];
  }
  if (keyword === '$ref' && !String(value).startsWith('#/')) {
    const remedy = "put the other schema into 'definitions': '#/definitions/Item'";
    return [{ place, rule: "must begin with '#/', since API Gateway fetches no schemas", remedy }];
  }
  if (keyword === '$schema' && !/^https?:\/\/json-schema\.org\/draft-04\/schema#?$/.test(String(value))) {
    return [{ place, rule: 'must be draft 4, which is what models of API Gateway are', remedy: 'remove it' }];
  }
  if (keyword === 'required' && !(Array.isArray(value) && value.length > 0)) {
    return [
      {
        place,
        rule: 'must be a list of names in JSON schema of draft 4, with one at least',
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
    return [{ place, rule: 'must be a list of different values, with one at least', remedy: 'leave each in it once' }];
  }
  return [];
}
