/** A route, as it is matched: its method, its path, and whatever belongs to it. */
export interface Route<T> {
  /** `GET`, or `ANY`. */
  readonly method: string;
  /** `/orders/{id}`, `/files/{path+}`; undefined for the `$default` route. */
  readonly path?: string;
  /** What it leads to. */
  readonly target: T;
}

/** The route that a request takes, and the values of its path parameters. */
export interface RouteMatch<T> {
  /** The route. */
  readonly route: Route<T>;
  /** By the name of the parameter. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Chooses a route of an HTTP API: a full match before a greedy one, `$default` last. Among full matches a literal
 * segment goes before a parameter, and the method itself before `ANY`.
 * @param read makes a parameter's value of its part of the path: decoded by default, as it came for REST APIs
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<T>(
  routes: readonly Route<T>[],
  method: string,
  path: string,
  read: (text: string) => string = decode,
): RouteMatch<T> | undefined {
  const candidates = routes
    .filter((route) => route.path !== undefined && (route.method === method || route.method === 'ANY'))
    .map((route) => ({ route, parameters: parametersOf(route.path ?? '', path, read) }))
    .filter((match): match is RouteMatch<T> => match.parameters !== undefined)
    .sort((a, b) => compare(a.route, b.route));
  const fallback = routes.find((route) => route.path === undefined);
  return candidates[0] ?? (fallback && { route: fallback, parameters: {} });
}

/** The parameters that a path has under a template; undefined where it does not match. */
export function parametersOf(
  template: string,
  path: string,
  read: (text: string) => string = decode,
): Readonly<Record<string, string>> | undefined {
  const wanted = segments(template);
  const given = segments(path);
  const found = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined || (value === '' && segment !== '')) return undefined;
    const parameter = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (parameter?.[2]) {
      return Object.fromEntries(found.set(parameter[1]!, read(given.slice(index).join('/'))));
    }
    if (parameter) found.set(parameter[1]!, read(value));
    else if (segment !== decode(value)) return undefined;
  }
  return given.length === wanted.length ? Object.fromEntries(found) : undefined;
}

/** Percent encoding undone; text that is not well encoded stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A path of a REST API as its resources are found by: without more slashes at the begin, and none at the end. */
export function restPath(path: string): string {
  return path.replace(/^\/+/, '/').replace(/(?<=.)\/+$/, '');
}

function segments(path: string): string[] {
  return path.replace(/^\//, '').split('/');
}

/** Negative when the first route goes before the second. */
function compare<T>(a: Route<T>, b: Route<T>): number {
  const ranks = [a, b].map(({ path = '' }) => segments(path).map(rank));
  const length = Math.max(ranks[0]!.length, ranks[1]!.length);
  for (let index = 0; index < length; index++) {
    const difference = (ranks[0]![index] ?? 0) - (ranks[1]![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function rank(segment: string): number {
  if (!segment.startsWith('{')) return 0;
  return segment.endsWith('+}') ? 2 : 1;
}
