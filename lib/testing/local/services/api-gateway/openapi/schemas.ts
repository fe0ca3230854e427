import { isRecord } from '../../../kernel/json';

/** Keywords that do not constrain a value. */
const SAID_ONLY = ['example', 'examples', 'xml', 'externalDocs', 'deprecated'];

/** The name of a model: letters and digits. */
export function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}

/**
 * Converts a document's schema to a model's: references to other schemas become references to models, as on import by
 * API Gateway.
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
        // Property names are not keywords.
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
