/** A route for matching: its method, its path, and its payload. */
export interface Route<T> {
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** `/orders/{id}`, `/files/{path+}`; undefined for the `$default` route. */
  readonly path?: string;
  readonly target: T;
}

/** The route of a request, with the values of its path parameters. */
export interface RouteMatch<T> {
  readonly route: Route<T>;
  /** By parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How an API chooses a route. */
export interface MatchRules {
  /** Converts part of the path to a parameter's value. */
  readonly read: (text: string) => string;
  /** Whether every route without a greedy parameter precedes those with one. */
  readonly greedyLast: boolean;
}

const HTTP_RULES: MatchRules = { read: decode, greedyLast: true };

/** A REST API finds a resource segment by segment, and leaves parameters encoded. */
export const REST_RULES: MatchRules = { read: (text) => text, greedyLast: false };

/**
 * Chooses a route: a full match before a greedy one, `$default` last. Among full matches a literal segment precedes a
 * parameter, and the exact method precedes `ANY`.
 * @param rules those of HTTP APIs by default
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<T>(
  routes: readonly Route<T>[],
  method: string,
  path: string,
  { read, greedyLast }: MatchRules = HTTP_RULES,
): RouteMatch<T> | undefined {
  const given = segments(path);
  for (const { route, wanted } of inOrder(routes, greedyLast)) {
    if (route.method !== method && route.method !== 'ANY') continue;
    const parameters = parametersOf(wanted, given, read);
    if (parameters) return { route: route as Route<T>, parameters };
  }
  const fallback = routes.find((route) => route.path === undefined);
  return fallback && { route: fallback, parameters: {} };
}

/** A segment of a route's path: a literal, a parameter, or a greedy parameter. */
type Segment = { readonly literal: string } | { readonly name: string; readonly greedy: boolean };

interface Prepared {
  readonly route: Route<unknown>;
  readonly wanted: readonly Segment[];
}

const prepared = new WeakMap<readonly Route<unknown>[], readonly Prepared[]>();

/** The routes with a path, parsed once, in matching order. */
function inOrder(routes: readonly Route<unknown>[], greedyLast: boolean): readonly Prepared[] {
  const known = prepared.get(routes);
  if (known) return known;
  const made = routes
    .filter(({ path }) => path !== undefined)
    .map((route) => ({ route, wanted: segments(route.path ?? '').map(segmentOf) }))
    .sort((a, b) => (greedyLast ? Number(isGreedy(a)) - Number(isGreedy(b)) : 0) || compare(a, b));
  prepared.set(routes, made);
  return made;
}

function segmentOf(text: string): Segment {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  return name === undefined ? { literal: text } : { name, greedy: plus === '+' };
}

/** The path parameters under a route; undefined if the path does not match. */
function parametersOf(
  wanted: readonly Segment[],
  given: readonly string[],
  read: (text: string) => string,
): Readonly<Record<string, string>> | undefined {
  const found = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    if ('literal' in segment) {
      if (segment.literal !== decode(value)) return undefined;
      continue;
    }
    if (value === '') return undefined;
    if (segment.greedy) return Object.fromEntries(found.set(segment.name, read(given.slice(index).join('/'))));
    found.set(segment.name, read(value));
  }
  return given.length === wanted.length ? Object.fromEntries(found) : undefined;
}

/** Decodes percent encoding; malformed text stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Normalises a REST API path for lookup: one leading slash, no trailing one. */
export function restPath(path: string): string {
  return path.replace(/^\/+/, '/').replace(/(?<=.)\/+$/, '');
}

function segments(path: string): string[] {
  return path.replace(/^\//, '').split('/');
}

function isGreedy({ wanted }: Prepared): boolean {
  return wanted.some((segment) => 'greedy' in segment && segment.greedy);
}

/** Negative if the first route precedes the second. */
function compare(a: Prepared, b: Prepared): number {
  for (let index = 0; index < Math.max(a.wanted.length, b.wanted.length); index++) {
    const difference = rank(a.wanted[index]) - rank(b.wanted[index]);
    if (difference !== 0) return difference;
  }
  return Number(a.route.method === 'ANY') - Number(b.route.method === 'ANY');
}

function rank(segment: Segment | undefined): number {
  if (segment === undefined || 'literal' in segment) return 0;
  return segment.greedy ? 2 : 1;
}
