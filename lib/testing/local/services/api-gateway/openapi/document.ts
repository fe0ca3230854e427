import { isRecord, type JsonObject, asList, recordOf, records, text } from '../../../kernel/json';

/** One operation of an OpenAPI document. */
export interface Operation {
  /** `/orders/{id}`. */
  readonly path: string;
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** Its definition in the document. */
  readonly content: JsonObject;
  /** Its parameters, including those of its path. */
  readonly parameters: readonly JsonObject[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const ANY = 'x-amazon-apigateway-any-method';

/** A resource derived from a document, as a template would have it. */
export interface Part {
  readonly type: string;
  /** Unique in its API. */
  readonly id: string;
  readonly properties: JsonObject;
}

/** What a document expands to: properties of the API, and resources. */
export interface Expansion {
  /** They override the template's. */
  readonly properties: JsonObject;
  /** Ordered so that each refers only to earlier ones. */
  readonly parts: readonly Part[];
}

/** An OpenAPI 2 or 3 document, as API Gateway imports it. */
export class OpenApiDocument {
  /** @param content the document, resolved */
  constructor(readonly content: JsonObject) {}

  get operations(): readonly Operation[] {
    return Object.entries(recordOf(this.content.paths)).flatMap(([path, value]) => {
      const item = recordOf(this.resolve(value));
      const shared = records(asList(item.parameters).map((one) => this.resolve(one)));
      return [...METHODS, ANY]
        .filter((method) => isRecord(item[method]))
        .map((method) => {
          const content = recordOf(item[method]);
          const own = records(asList(content.parameters).map((one) => this.resolve(one)));
          const others = shared.filter(
            (one) => !own.some(({ name, in: place }) => name === one.name && place === one.in),
          );
          const parameters = [...others, ...own];
          return { path, method: method === ANY ? 'ANY' : method.toUpperCase(), content, parameters };
        });
    });
  }

  /** Schemas by name. */
  get schemas(): JsonObject {
    return { ...recordOf(this.content.definitions), ...recordOf(recordOf(this.content.components).schemas) };
  }

  /** The security schemes, by name. */
  get schemes(): JsonObject {
    return {
      ...recordOf(this.content.securityDefinitions),
      ...recordOf(recordOf(this.content.components).securitySchemes),
    };
  }

  /** An API Gateway extension: `extension('cors')`. */
  extension(name: string, of: JsonObject = this.content): unknown {
    return of[`x-amazon-apigateway-${name}`];
  }

  /** The security requirements of an operation: scheme names with scopes; none if it is open. */
  security({ content }: Operation): readonly (readonly [name: string, scopes: unknown])[] {
    const required = records(content.security ?? this.content.security);
    return required.flatMap((one) => Object.entries(one));
  }

  /** Resolves a reference within the document. */
  resolve(value: unknown): unknown {
    const reference = isRecord(value) ? text(value.$ref) : undefined;
    if (reference === undefined || !reference.startsWith('#/')) return value;
    const names = reference
      .slice(2)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    return names.reduce<unknown>(
      (on, name) => (isRecord(on) && Object.hasOwn(on, name) ? on[name] : undefined),
      this.content,
    );
  }
}

/** A record with capitalised names: `uri` is `Uri` in a template. */
export function capitalized(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names
      .filter((name) => value[name] !== undefined)
      .map((name) => [name[0]!.toUpperCase() + name.slice(1), value[name]]),
  );
}
