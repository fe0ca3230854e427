import type { Check } from '../../core/check/check';
import { isUnresolved } from '../../core/unresolved';

/** The API Gateway product: `http` is newer, faster and cheaper; `rest` validates requests and supports a firewall. */
export type ApiKind = 'http' | 'rest';

/** A route's method; `ANY` stands for those that no other route of the same path names. */
export type ApiMethod = (typeof METHODS)[number];

/** A route as parsed from `'POST /orders'`, `'GET /orders/{id}'`, `'ANY /files/{proxy+}'` or `'$default'`. */
export interface RouteKey {
  /** The route as written. */
  readonly key: string;
  /** The method. */
  readonly method: ApiMethod;
  /**
   * The path.
   * @default - none: `$default`, which takes what no other route takes
   */
  readonly path?: string;
}

/** The route for every request that matches no other; HTTP APIs only. */
export const DEFAULT_ROUTE = '$default';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'] as const;

/** A parameter is a whole segment; a greedy one matches the rest of the path. */
const PARAMETER = /^\{([\w.:-]+)(\+?)\}$/;

/** What API Gateway accepts in a path segment. */
const LITERAL: Record<ApiKind, RegExp> = { http: /^[\w.~!$&'()*,;=:@%-]+$/, rest: /^[\w.,:$-]+$/ };

/** The longest path for which CDK builds the ARN of an HTTP API's route. */
const LONGEST_PATH = 1000;

/** A well-formed route, as its parts. */
export function parseRoute(key: string): RouteKey {
  if (key === DEFAULT_ROUTE) return { key, method: 'ANY' };
  const [method, path] = key.split(' ');
  return { key, method: method as ApiMethod, path };
}

/** The names of the parameters in a path. */
export function parametersOf({ path }: RouteKey): string[] {
  return segmentsOf(path).flatMap((segment) => PARAMETER.exec(segment)?.[1] ?? []);
}

/**
 * The construct id of a route: `POST orders`, `GET orders {id}`. Paths contain no blanks, so two
 * routes never share an id.
 */
export function routeId({ key, method, path }: RouteKey): string {
  return path === undefined ? key : [method, ...segmentsOf(path)].join(' ');
}

/** Checks of an API's routes. */
export function routeChecks(kind: ApiKind, keys: readonly string[]): Check[] {
  const wellFormed = keys.filter((key) => problemOf(kind, key) === undefined);
  return [
    {
      prop: 'routes',
      value: keys,
      valid: () => keys.length > 0,
      rule: 'must have at least one route',
      remedy: "add one, such as 'GET /orders': 'src/list-orders.ts'",
    },
    ...keys.flatMap((key) => failed(key, problemOf(kind, key))),
    ...clashes(kind, wellFormed),
  ];
}

interface Problem {
  readonly rule: string;
  readonly remedy: string;
}

function failed(key: string, problem: Problem | undefined): Check[] {
  return problem ? [{ prop: 'routes', value: key, ofType: isUnresolved(key), valid: () => false, ...problem }] : [];
}

/** What is wrong with one route, if anything. */
function problemOf(kind: ApiKind, key: string): Problem | undefined {
  if (isUnresolved(key)) {
    return {
      rule: 'must be known when the program runs',
      remedy: 'write the route as text; a value may be a parameter: {id}',
    };
  }
  if (key === DEFAULT_ROUTE) {
    if (kind === 'http') return undefined;
    return { rule: "must not be '$default' with kind 'rest'", remedy: "use 'ANY /{proxy+}', or set 'kind' to 'http'" };
  }
  const [method, path, ...rest] = key.split(' ');
  if (path === undefined || rest.length > 0 || !path.startsWith('/')) {
    return { rule: "must be 'METHOD /path'", remedy: "write a method, one blank and a path, such as 'GET /orders'" };
  }
  if (!METHODS.some((known) => known === method)) {
    return { rule: `must start with one of ${METHODS.join(', ')}`, remedy: 'use one of these methods, in upper case' };
  }
  return lengthProblem(kind, path) ?? pathProblem(kind, path);
}

function lengthProblem(kind: ApiKind, path: string): Problem | undefined {
  if (kind === 'rest' || path.length <= LONGEST_PATH) return undefined;
  return {
    rule: `must have a path of at most ${LONGEST_PATH} characters, which is all that CDK takes, not ${path.length}`,
    remedy: "shorten it, or take the rest of the path as a parameter: '/files/{proxy+}'",
  };
}

function pathProblem(kind: ApiKind, path: string): Problem | undefined {
  if (path === '/') return undefined;
  if (path.endsWith('/'))
    return { rule: 'must not end in a slash', remedy: `write '${path.replace(/\/+$/, '') || '/'}'` };
  const segments = segmentsOf(path);
  const bad = segments.find((segment) => !PARAMETER.test(segment) && !LITERAL[kind].test(segment));
  const express = segments.find((segment) => /^:\w+$/.test(segment));
  if (express !== undefined)
    return { rule: `must not have the segment '${express}' in its path`, remedy: `write '{${express.slice(1)}}'` };
  const relative = segments.find((segment) => /^\.{1,2}$/.test(segment));
  if (relative !== undefined)
    return { rule: `must not have the segment '${relative}', which no client sends`, remedy: 'write the path itself' };
  if (bad !== undefined) {
    return {
      rule: `must not have the segment '${bad}' in its path`,
      remedy:
        "a segment is text such as 'orders', or as a whole one parameter such as '{id}' or, at the end, '{proxy+}'",
    };
  }
  const names = segments.flatMap((segment) => PARAMETER.exec(segment)?.[1] ?? []);
  if (new Set(names).size < names.length) {
    return { rule: 'must not name two parameters the same', remedy: 'give each parameter a name of its own' };
  }
  if (segments.slice(0, -1).some((segment) => PARAMETER.exec(segment)?.[2])) {
    return {
      rule: 'must not continue after a greedy parameter',
      remedy: "move '{proxy+}' to the end, or drop its '+'",
    };
  }
  return undefined;
}

/**
 * Two names for one position of a path: the same request would match both routes, or one position would have two names,
 * which a REST API refuses at deployment. Greedy and simple parameters may share a position in an HTTP API only.
 */
function clashes(kind: ApiKind, keys: readonly string[]): Check[] {
  const owners = new Map<string, { name: string; key: string }>();
  return keys.flatMap((key) => {
    const segments = segmentsOf(parseRoute(key).path);
    return segments.flatMap((segment, index): Check[] => {
      const parameter = PARAMETER.exec(segment);
      if (!parameter) return [];
      const before = segments.slice(0, index).map((one) => (PARAMETER.test(one) ? '{}' : one));
      const position = [...before, parameter[2] && kind === 'http' ? '{+}' : '{}'].join('/');
      const first = owners.get(position);
      if (!first) owners.set(position, { name: segment, key });
      if (!first || first.name === segment) return [];
      const rule = `must name the parameter ${first.name} as in '${first.key}', not ${segment}`;
      return failed(key, { rule, remedy: 'use one name per position' });
    });
  });
}

/** Routes whose parameter names conflict with those of an existing API. */
export function clashesWith(kind: ApiKind, existing: readonly string[], keys: readonly string[]): Check[] {
  const among = new Set(clashes(kind, keys).map(({ value }) => value));
  return clashes(kind, [...existing, ...keys]).filter(
    ({ value }) => keys.includes(value as string) && !existing.includes(value as string) && !among.has(value),
  );
}

function segmentsOf(path: string | undefined): string[] {
  return path === undefined || path === '/' ? [] : path.slice(1).split('/');
}
