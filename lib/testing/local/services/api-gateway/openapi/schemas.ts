import { isRecord } from '../../../kernel/json';

/** What says nothing about a value. */
const SAID_ONLY = ['example', 'examples', 'xml', 'externalDocs', 'deprecated'];

/** The name of a model: letters and digits. */
export function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}

/**
 * A schema of a document as a model has it: references to other schemas are those to models, as API Gateway writes them
 * when it imports a document.
 */
export function schemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(schemaOf);
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !SAID_ONLY.includes(keyword))
      .map(([keyword, value]) => {
        const name =
          typeof value === 'string' ? /^#\/(?:definitions|components\/schemas)\/(.+)$/.exec(value)?.[1] : undefined;
        if (keyword === '$ref' && name !== undefined) {
          return [keyword, `https://apigateway.amazonaws.com/restapis/api/models/${modelName(name)}`];
        }
        // Names of properties are no keywords.
        if (keyword === 'properties' && isRecord(value)) {
          return [
            keyword,
            Object.fromEntries(Object.entries(value).map(([property, one]) => [property, schemaOf(one)])),
          ];
        }
        return [keyword, schemaOf(value)];
      }),
  );
}
