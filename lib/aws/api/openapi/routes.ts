import { check, type Check, failuresOf } from '../../../core/check/check';
import { list, oneOf, record, text } from '../../../core/check/kinds';
import { kindChecks, type Kind, type Shape, shapeChecks } from '../../../core/check/shape';
import { nearest } from '../../../core/nearest';
import { type OpenApiDocument, type Problem, readDocument, referenceProblems } from '../../../core/openapi/document';
import { type Operation, operationsOf, serverPaths } from '../../../core/openapi/operations';
import { AUTHORIZER } from '../authorizer';
import { type ApiRoute, operationRoute, ROUTE } from '../routes';
import type { ApiKind } from '../route-key';
import { checkedBy } from './checked';
import { authorizerOf, type SchemeAuthorizers, schemeChecks } from './security';
import { type LeftToHandlers, unenforced } from './unenforced';

/** How an OpenAPI document becomes the routes of an API. */
export interface OpenApiRoutesOptions {
  /**
   * The authorizer for each security scheme that operations name: `{ login: { issuer, audience } }`. An operation without
   * `security` in the document uses the API's `authorizer`; one with `security: []` is public.
   * @default - none: every scheme that an operation names must be listed here
   */
  readonly security?: SchemeAuthorizers;

  /**
   * Prefix of the routes when the document's `servers` have a path: that path, to prepend it to each route, or `/`
   * if the API's stage or domain adds it.
   * @default - `/`; required for a server with a path
   */
  readonly basePath?: string;

  /**
   * The kind of the API. A REST API validates JSON bodies against their schema, and the presence of required query and header
   * parameters, like a route's `validate`; an HTTP API validates neither.
   * @default 'http'
   */
  readonly kind?: ApiKind;

  /**
   * What the document declares but the API does not do, because the handlers do: check `bodies`, check `parameters`, call
   * `callbacks` and webhooks. Anything that neither does is refused.
   * @default - nothing
   */
  readonly leftToHandlers?: readonly LeftToHandlers[];
}

/**
 * The routes of an API from an OpenAPI 3.0 or 3.1 document, with a handler for each operation. An operation without a
 * handler, and a handler without an operation, are refused.
 * Paths, methods, authorization and operation ids are taken over; anything else an API does not do is refused
 * until it is explicitly left to the handlers. Servers (beyond their paths), responses and descriptions are documentation.
 * @param document path of a file (YAML or JSON), relative to the working directory, or the document itself. References must be local
 * @param handlers the handler of each operation, by `operationId` or by method and path: `{ placeOrder: 'src/place.ts' }`
 * @throws PatternError with everything wrong in the document
 * @example
 * new ServerlessApi(this, 'Api', {
 *   authorizer: 'iam',
 *   routes: openApiRoutes('openapi.yaml', { placeOrder: 'src/place-order.ts', 'GET /orders/{id}': 'src/get-order.ts' }),
 * });
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiRoutes(
  document: string | object,
  handlers: Readonly<Record<string, ApiRoute>>,
  options: OpenApiRoutesOptions = {},
): Record<string, ApiRoute> {
  const typed = [
    ...kindChecks(DOCUMENT, 'document', document),
    ...kindChecks(HANDLERS, 'handlers', handlers),
    ...shapeChecks(options, OPTIONS),
  ];
  const named = typeof document === 'string' ? document : 'OpenAPI';
  if (failuresOf(typed).length > 0) check(named, typed);
  const read = readDocument(document);
  if ('problem' in read) {
    check(named, rowsOf([read.problem]));
    return {};
  }
  return routesOf(read.document, handlers, options);
}

function routesOf(
  document: OpenApiDocument,
  handlers: Readonly<Record<string, ApiRoute>>,
  options: OpenApiRoutesOptions,
): Record<string, ApiRoute> {
  const { name, content } = document;
  const { security = {}, basePath, kind = 'http', leftToHandlers = [] } = options;
  const references = referenceProblems(document);
  check(name, rowsOf(references));
  const { operations, problems } = operationsOf(document);
  const judged = operations.map((operation) => ({
    operation,
    ...authorizerOf(content, operation, security),
    ...(kind === 'rest' ? checkedBy(document, operation, leftToHandlers) : { problems: [], validate: undefined }),
  }));
  check(name, [
    ...rowsOf(problems),
    ...rowsOf(unenforced(document, operations, leftToHandlers, kind)),
    ...rowsOf(judged.flatMap((one) => one.problems)),
    ...handlerChecks(operations, handlers),
    ...schemeChecks(content, security),
    ...distinct(judged.flatMap(({ rows }) => rows)),
    ...baseChecks(document, basePath),
  ]);
  const base = basePath === undefined || basePath === '/' ? '' : basePath.replace(/\/+$/, '');
  return Object.fromEntries(
    judged.map(({ operation, authorizer, validate }) => {
      const { key, operationId } = operation;
      const handler = (operationId !== undefined && handlers[operationId]) || handlers[key]!;
      const [method, path = ''] = key.split(' ', 2);
      const route = path === '/' && base !== '' ? base : `${base}${path}`;
      return [`${method} ${route}`, operationRoute(handler, { authorizer, operationId, validate })];
    }),
  );
}

/** Every operation has one handler, and every handler an operation; a handler sets no authorizer if the document does. */
function handlerChecks(operations: readonly Operation[], handlers: Readonly<Record<string, ApiRoute>>): Check[] {
  const ids = operations.flatMap(({ operationId }) => operationId ?? []);
  const names = [...operations.map(({ key }) => key), ...ids];
  const unknown = Object.keys(handlers).filter((name) => !names.includes(name));
  const served = ({ key, operationId = key }: Operation) =>
    Object.hasOwn(handlers, key) || Object.hasOwn(handlers, operationId);
  const unserved = operations.filter((operation) => !served(operation));
  return [
    ...unserved.map(({ key, operationId = key }) =>
      refused(
        `handlers.${operationId}`,
        undefined,
        'must be given, since the document has the operation',
        `add a handler for ${key}`,
      ),
    ),
    ...unknown.map((name) => {
      const meant =
        nearest(
          name,
          unserved.flatMap(({ key, operationId }) => [key, operationId ?? []].flat()),
        ) ?? nearest(name, names);
      const remedy = meant === undefined ? 'describe it in the document, or remove it' : `did you mean '${meant}'?`;
      return refused(
        `handlers.${name}`,
        undefined,
        'must be an operation of the document, which has none by this name',
        remedy,
      );
    }),
    ...operations.flatMap(({ key, operationId, security }) => {
      const both = operationId !== undefined && key in handlers && operationId in handlers;
      const handler = handlers[operationId ?? key] ?? handlers[key];
      const own = typeof handler === 'object' && 'authorizer' in handler && handler.authorizer !== undefined;
      return [
        ...(both
          ? [
              refused(
                `handlers.${key}`,
                undefined,
                `must not be given with '${operationId}', the same operation`,
                'keep one',
              ),
            ]
          : []),
        ...(own && security !== undefined
          ? [
              refused(
                `handlers.${operationId ?? key}.authorizer`,
                undefined,
                "must not be given when the document has 'security'",
                'say it in one place',
              ),
            ]
          : []),
      ];
    }),
  ];
}

function baseChecks(document: OpenApiDocument, basePath: string | undefined): Check[] {
  const paths = serverPaths(document).filter((path) => path !== '/');
  if (basePath === undefined) {
    const remedy = `set 'basePath' to '${paths[0]}', or to '/' if the stage or the domain adds it`;
    return paths.length === 0 ? [] : [refused('servers', paths, "must have no path without 'basePath'", remedy)];
  }
  const known = ['/', ...paths];
  const rule = "must be '/' or the path of a server of the document";
  return [
    {
      prop: 'basePath',
      value: basePath,
      valid: () => known.includes(basePath),
      rule,
      remedy: `use '${known.join("' or '")}'`,
    },
  ];
}

/** Several operations may lack the same thing. */
function distinct(rows: readonly Check[]): Check[] {
  return [...new Map(rows.map((row) => [`${row.prop} ${row.rule}`, row])).values()];
}

function rowsOf(problems: readonly Problem[]): Check[] {
  return problems.map(({ prop, value, rule, remedy }) => refused(prop, value, rule, remedy));
}

function refused(prop: string, value: unknown, rule: string, remedy: string): Check {
  return { prop, value, sensitive: value === undefined, valid: () => false, rule, remedy };
}

const DOCUMENT: Kind = {
  rule: 'must be a file path or an OpenAPI document',
  remedy: () => "write it as 'openapi.yaml'",
  is: (value) =>
    (typeof value === 'string' && value !== '') ||
    (typeof value === 'object' && value !== null && !Array.isArray(value)),
  now: true,
  needed: { rule: 'must be given', remedy: "write it as 'openapi.yaml'" },
};

const HANDLERS: Kind = record(ROUTE, "{ placeOrder: 'src/place-order.ts' }");

const OPTIONS: Shape<OpenApiRoutesOptions> = {
  security: record(AUTHORIZER, "{ login: { issuer: 'https://login.example.com', audience: ['shop'] } }"),
  basePath: { ...text('/v1'), now: true },
  kind: oneOf('http', 'rest'),
  leftToHandlers: list(oneOf('bodies', 'parameters', 'callbacks'), "['bodies']"),
};
