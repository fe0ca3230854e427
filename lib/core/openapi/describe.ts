import { digest, keysOf } from '../document-keys';
import { kindOf, type Route } from '../model/api-route';
import { routesOf, unreadableRoutes } from '../model/api-routes';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { at, isMap, items, toBoolean, toText } from '../model/select';
import { type JsonObject, recordOf } from '../record';
import { literalOf } from './literal';
import { type Caller, callerOf } from './schemes';
import { ANSWERED, writtenIn } from './written';

/** An API of templates as a document of OpenAPI 3.1, and what it lacks. */
export interface Description {
  /** The API as a reader knows it. */
  readonly name: string;
  readonly document: JsonObject;
  /** What could not be read, for a reader. */
  readonly unread: readonly string[];
}

/** The HTTP and REST APIs of a model; WebSocket APIs have no operations of OpenAPI. */
export function describableApis(model: Model): readonly Resource[] {
  return model
    .ofType('AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi')
    .filter((api) => kindOf(api) !== 'websocket');
}

/**
 * An API as it was synthesized: its routes with their parameters, the bodies that it checks and who may call. What answers
 * preflights of browsers is left out. Handlers say nothing of what they answer, so every response is one that is not described.
 * What an API has in `Body` is taken as it stands, without the extensions that say how API Gateway answers.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function describeApi(model: Model, api: Resource): Description {
  const routes = routesOf(model, api).filter((route) => !isPreflight(route));
  const unread: string[] = [];
  const own = writtenIn(api);
  const reason = unreadableRoutes(api);
  if (own && 'unread' in own) unread.push(...own.unread);
  else if (reason !== undefined) unread.push(`${displayName(api)}: ${reason}`);
  const written = own && 'document' in own ? own.document : {};
  const readable = routes.filter(({ holder }) => holder !== api || at(api, 'Target') !== undefined);
  const operations = readable.flatMap((route) => {
    const operation = operationOf(model, route, unread);
    return operation === undefined ? [] : [operation];
  });
  if (operations.length === 0 && !own && unread.length === 0) unread.push(`${displayName(api)}: has no route`);
  const schemes = new Map(operations.flatMap(({ caller }) => caller.schemes.map((one) => [one.name, one.scheme])));
  const keys = keysOf([...schemes.keys()].sort());
  const schemas = new Map(operations.flatMap(({ bodies }) => bodies.map((one) => [one.name, one.schema])));
  const schemaKeys = keysOf([...schemas.keys()].sort());
  const paths = structuredClone(recordOf(written.paths)) as Record<string, Record<string, unknown>>;
  for (const { path, method, value, caller, bodies } of [...operations].sort(byPath)) {
    const content = Object.fromEntries(
      bodies.map(({ media, name }) => [media, { schema: { $ref: `#/components/schemas/${schemaKeys.get(name)}` } }]),
    );
    (paths[path] ??= {})[method] ??= {
      ...value,
      ...(bodies.length > 0 && { requestBody: { required: true, content } }),
      ...ANSWERED,
      security:
        caller.schemes.length === 0
          ? []
          : [Object.fromEntries(caller.schemes.map(({ name, scopes }) => [keys.get(name)!, scopes]))],
    };
  }
  const components = recordOf(written.components);
  for (const [kind, made] of [
    ['schemas', schemaKeys],
    ['securitySchemes', keys],
  ] as const) {
    const taken = [...made.values()].filter((key) => key in recordOf(components[kind]));
    unread.push(
      ...taken.map(
        (key) => `${displayName(api)}: '${key}' of 'components.${kind}' of its 'Body' is the name of another, too`,
      ),
    );
  }
  const content = {
    ...written,
    paths,
    components: {
      ...components,
      schemas: {
        ...Object.fromEntries([...schemas].map(([name, schema]) => [schemaKeys.get(name)!, schema])),
        ...recordOf(components.schemas),
      },
      securitySchemes: {
        ...Object.fromEntries([...schemes].map(([name, scheme]) => [keys.get(name)!, scheme])),
        ...recordOf(components.securitySchemes),
      },
    },
  };
  const name = displayName(api);
  const info = { title: name, version: digest(content), ...recordOf(written.info) };
  const document = { openapi: '3.1.0', ...content, info };
  return { name, document, unread };
}

/** What a browser asks first is no operation of the API. */
function isPreflight({ key, mock }: Route): boolean {
  return mock && key.startsWith('OPTIONS ');
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly value: JsonObject;
  readonly caller: Caller;
  readonly bodies: readonly Body[];
}

interface Body {
  readonly media: string;
  readonly name: string;
  readonly schema: JsonObject;
}

const ROUTE = /^(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|ANY) (\/\S*)$/;
const ANY = 'x-amazon-apigateway-any-method';

function operationOf(model: Model, route: Route, unread: string[]): Described | undefined {
  const { key, holder } = route;
  // As API Gateway itself writes the route that takes all others.
  const [, verb, path] = ROUTE.exec(key === '$default' ? 'ANY /$default' : key) ?? [];
  const where = displayName(holder);
  if (verb === undefined || path === undefined) {
    unread.push(`${where}: its method or path is known only at deployment`);
    return undefined;
  }
  const caller = callerOf(model, route);
  if (caller === undefined) {
    unread.push(`${where}: who may call ${key} is known only at deployment`);
    return undefined;
  }
  const name = toText(at(holder, 'OperationName'));
  const parameters = [...inPath(path), ...requested(model, holder)];
  return {
    path,
    method: verb === 'ANY' ? ANY : verb.toLowerCase(),
    value: { ...(name !== undefined && { operationId: name }), ...(parameters.length > 0 && { parameters }) },
    caller,
    bodies: checkedBodies(model, holder, where, unread),
  };
}

function inPath(path: string): JsonObject[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

const PLACES: Readonly<Record<string, string>> = { querystring: 'query', header: 'header' };

/** Parameters that a method of a REST API names; they are needed only where a validator looks for them. */
function requested(model: Model, holder: Resource): JsonObject[] {
  const named = at(holder, 'RequestParameters');
  const checked = validates(model, holder, 'ValidateRequestParameters');
  return Object.entries(isMap(named) ? named : {}).flatMap(([name, needed]) => {
    const [, place = '', own] = /^method\.request\.(\w+)\.(.+)$/.exec(name) ?? [];
    return PLACES[place] === undefined
      ? []
      : [
          {
            name: own,
            in: PLACES[place],
            ...(checked && toBoolean(needed) === true && { required: true }),
            schema: { type: 'string' },
          },
        ];
  });
}

function checkedBodies(model: Model, holder: Resource, where: string, unread: string[]): Body[] {
  const models = at(holder, 'RequestModels');
  if (!isMap(models) || !validates(model, holder, 'ValidateRequestBody')) return [];
  return Object.entries(models).flatMap(([media, value]) => {
    const target = model.target(value);
    const schema = target && literalOf(at(target, 'Schema'));
    if (target && schema !== undefined)
      return [{ media: media === '$default' ? JSON_BODY : media, name: bodyName(target), schema }];
    if (toText(value) !== 'Empty') unread.push(`${where}: the schema of its body is known only at deployment`);
    return [];
  });
}

/** A model for `$default` holds whatever the content type says, and what it describes is JSON. */
const JSON_BODY = 'application/json';

function bodyName(model: Resource): string {
  return toText(at(model, 'Name')) ?? displayName(model);
}

function validates(model: Model, holder: Resource, what: string): boolean {
  return items(at(holder, 'RequestValidatorId')).some((one) => {
    const validator = model.target(one);
    return validator !== undefined && toBoolean(at(validator, what)) === true;
  });
}

function byPath(one: Described, other: Described): number {
  const [a, b] = [`${one.path} ${one.method}`, `${other.path} ${other.method}`];
  return a < b ? -1 : a > b ? 1 : 0;
}
