import { type Route, routes } from '../core/model/api-routes';
import { displayName } from '../core/model/display';
import { indexed } from '../core/model/indexed';
import type { Model, Resource } from '../core/model/model';
import { at, eachBranch, isMap, items, toText } from '../core/model/select';
import type { Value } from '../core/model/values';
import { ModelAccess } from '../core/iam/model-access';
import { changeOf } from './change-id';
import type { AccessChange } from './diff';

/** Routes whose authorization is weaker in the second model than in the first, and vice versa. */
export interface RouteGuardChanges {
  readonly widened: readonly AccessChange[];
  readonly narrowed: readonly AccessChange[];
}

/**
 * Compares the authorization of routes protected in both models: another authorizer, one more audience or scope, or no
 * scope at all admits others. The policies already show an unprotected route, which is open to everyone.
 */
export function routeGuardChanges(base: Model, head: Model): RouteGuardChanges {
  const [before, after] = [guardsOf(base), guardsOf(head)];
  const both = [...after].flatMap(([key, now]) => {
    const earlier = before.get(key);
    return earlier ? [[earlier, now] as const] : [];
  });
  return {
    widened: both.flatMap(([earlier, now]) => eased(earlier, now)),
    narrowed: both.flatMap(([earlier, now]) => eased(now, earlier)),
  };
}

/** The authorization of a route. */
interface Guard {
  /** The route, as in the matrix. */
  readonly resource: string;
  /** The kind of authorization. */
  readonly kind: string;
  /** What authenticates the caller: issuers, user pools, functions. */
  readonly by: ReadonlySet<string>;
  /** Audiences a token must be issued for; empty if that does not matter. */
  readonly audiences: ReadonlySet<string>;
  /** Scopes of which a token needs one; empty if none is required. */
  readonly scopes: ReadonlySet<string>;
}

const guardsOf = indexed((model): ReadonlyMap<string, Guard> => {
  // If whether a route is protected is open, the policies decide.
  const asks = (value: Value | undefined) => value === undefined || (toText(value) ?? 'NONE') !== 'NONE';
  const asking = routes(model).filter(({ authorization }) =>
    eachBranch(authorization).every(({ value }) => asks(value)),
  );
  return new Map(asking.map((route) => guardOf(model, route)).map((guard) => [guard.resource, guard]));
});

function guardOf(model: Model, { api, key, holder, authorization }: Route): Guard {
  const texts = (from: Resource, ...paths: readonly string[]): ReadonlySet<string> =>
    new Set(paths.flatMap((path) => items(at(from, path)).map((value) => textOf(model, value, from))));
  const authorizer = model.target(at(holder, 'AuthorizerId'));
  const by = authorizer
    ? texts(authorizer, 'JwtConfiguration.Issuer', 'ProviderARNs', 'AuthorizerUri')
    : texts(holder, 'AuthorizerId');
  return {
    resource: `${displayName(api ?? holder)}/*/${key.replace(/^ANY(?= )/, '*').replace(' ', '')}`,
    kind: eachBranch(authorization)
      .flatMap(({ value }) => toText(value) ?? [])
      .sort()
      .join(),
    by,
    audiences: authorizer ? texts(authorizer, 'JwtConfiguration.Audience') : new Set(),
    scopes: texts(holder, 'AuthorizationScopes'),
  };
}

function textOf(model: Model, value: Value, { template }: Resource): string {
  const { names } = ModelAccess.of(model);
  return names.show(names.names.text(value, template) ?? JSON.stringify(isMap(value) ? value : '?'));
}

function eased(before: Guard, now: Guard): readonly AccessChange[] {
  const added = (name: 'by' | 'audiences' | 'scopes') => [...now[name]].filter((one) => !before[name].has(one));
  const lost = (name: 'audiences' | 'scopes') => before[name].size > 0 && now[name].size === 0;
  const conditions = [
    ...(before.kind === now.kind ? [] : [`${now.kind} asks who calls, in place of ${before.kind}`]),
    ...added('by').map((one) => `'${one}' vouches for the caller`),
    ...(lost('audiences') ? ['the audience of a token does not count'] : []),
    ...(before.audiences.size === 0 ? [] : added('audiences').map((one) => `the token is for '${one}'`)),
    ...(lost('scopes') ? ['the scopes of a token do not count'] : []),
    ...(before.scopes.size === 0 ? [] : added('scopes').map((one) => `the token has the scope '${one}'`)),
  ];
  if (conditions.length === 0) return [];
  const actions = ['execute-api:Invoke'];
  const principal = { kind: 'anyone', name: '*' } as const;
  return [changeOf({ principal, resource: now.resource, actions, patterns: actions, conditions, reason: 'condition' })];
}
