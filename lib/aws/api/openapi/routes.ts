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

/** How a document of OpenAPI becomes the routes of an API. */
export interface OpenApiRoutesOptions {
  /**
   * Who is asked for each security scheme that operations name: `{ login: { issuer, audience } }`. An operation for which
   * the document says nothing is of the API's `authorizer`; one with `security: []` is public.
   * @default - none: every scheme that an operation names must be here
   */
  readonly security?: SchemeAuthorizers;

  /**
   * Where the routes begin when the document's `servers` have a path: that path, which then stands before each route, or `/`
   * where the stage or the domain of the API adds it.
   * @default - `/`; must be said for a server with a path
   */
  readonly basePath?: string;

  /**
   * The kind of the API. A REST API checks JSON bodies by their schema, and that needed parameters of queries and headers are
   * there, as `validate` of a route says; an HTTP API checks neither.
   * @default 'http'
   */
  readonly kind?: ApiKind;

  /**
   * What the document says and the API does not do, since the handlers do: check `bodies`, check `parameters`, call
   * `callbacks` and webhooks. What is neither done nor left to them is refused.
   * @default - nothing
   */
  readonly leftToHandlers?: readonly LeftToHandlers[];
}

/**
 * The routes of an API from a document of OpenAPI 3.0 or 3.1, with a handler for each operation. An operation without a
 * handler, and a handler without an operation, are refused.
 *
 * Paths and methods, who may call and the ids of operations are taken over; what of the rest an API does not do is refused
 * until it is left to the handlers by name. Servers other than their paths, responses and descriptions are documentation.
 * @param document path of a file (YAML or JSON) from the working directory, or the document itself. References lead to places in it
 * @param handlers what serves each operation, by its `operationId` or by its method and path: `{ placeOrder: 'src/place.ts' }`
 * @throws PatternError with all that is wrong, in the document's name
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

/** Each operation has one handler, and each handler an operation; a handler says no authorizer where the document does. */
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
        `add what serves ${key}`,
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
        'must be an operation of the document, which has none of this name',
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
                `must not be given beside '${operationId}', the same operation`,
                'keep one',
              ),
            ]
          : []),
        ...(own && security !== undefined
          ? [
              refused(
                `handlers.${operationId ?? key}.authorizer`,
                undefined,
                "must not be given where the document has 'security'",
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
    const remedy = `set 'basePath' to '${paths[0]}', or to '/' where the stage or the domain adds it`;
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

/** Operations may lack the same. */
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
  rule: 'must be the path of a file or a document of OpenAPI',
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
