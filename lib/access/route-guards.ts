import type { Route } from '../core/model/api-route';
import { routes } from '../core/model/api-routes';
import { schemeOf } from '../core/model/documented-security';
import { displayName } from '../core/model/display';
import { indexed } from '../core/model/indexed';
import type { Model, Resource } from '../core/model/model';
import { type Assumptions, at, isMap, isUnknown, items, together, toText } from '../core/model/select';
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
 * Compares the authorization of routes protected in both models, of resources and of OpenAPI documents: another authorizer,
 * one more audience or scope, or no scope at all admits others. The policies already show an unprotected route, which is
 * open to everyone.
 */
export function routeGuardChanges(base: Model, head: Model): RouteGuardChanges {
  const [before, after] = [guardsOf(base), guardsOf(head)];
  const both = [...after].flatMap(([key, now]) => {
    const earlier = before.get(key);
    return earlier ? [[key, earlier, now] as const] : [];
  });
  return {
    widened: both.flatMap(([key, earlier, now]) => eased(key, earlier, now)),
    narrowed: both.flatMap(([key, earlier, now]) => eased(key, now, earlier)),
  };
}

/** One way to be let in by a route: a caller needs one of them. */
interface Guard {
  /** The kind of authorization; undefined if the route is open, or may be. */
  readonly kind: string | undefined;
  /** What authenticates the caller: issuers, user pools, functions. */
  readonly by: ReadonlySet<string>;
  /** Audiences a token must be issued for; empty if that does not matter. */
  readonly audiences: ReadonlySet<string>;
  /** Scopes of which a token needs one; empty if none is required. */
  readonly scopes: ReadonlySet<string>;
  /** The template conditions under which it is there. */
  readonly when: Assumptions;
}

/** A guard as values of the resource that has them. */
interface Written extends Pick<Guard, 'kind' | 'when'> {
  readonly by: readonly Value[];
  readonly audiences: readonly Value[];
  readonly scopes: readonly Value[];
  readonly from?: Resource;
}

/** The guards of each route, by its name in the matrix. */
const guardsOf = indexed((model): ReadonlyMap<string, readonly Guard[]> => {
  const found = new Map<string, readonly Guard[]>();
  for (const route of routes(model)) {
    const { api, key, holder } = route;
    const name = `${displayName(api ?? holder)}/*/${key.replace(/^ANY(?= )/, '*').replace(' ', '')}`;
    found.set(name, [...(found.get(name) ?? []), ...guardsOfRoute(model, route)]);
  }
  return found;
});

function guardsOfRoute(model: Model, { api, holder, authorization, requirements = [] }: Route): readonly Guard[] {
  const texts = (values: readonly Value[], from: Resource) =>
    new Set(values.map((value) => textOf(model, value, from)));
  const documented = requirements.map(({ scheme, scopes, when }) => ofScheme(scheme, scopes, when));
  const written = together({
    type: authorization,
    authorizer: at(holder, 'AuthorizerId'),
    scopes: at(holder, 'AuthorizationScopes'),
  }).flatMap(({ values, when }): readonly Written[] => {
    const kind = toText(values.type);
    if (values.type === undefined) return [];
    if (kind === undefined || kind === 'NONE') return [{ kind: undefined, by: [], audiences: [], scopes: [], when }];
    if (documented.length > 0 && values.authorizer === undefined && kind === 'CUSTOM') return [];
    const authorizer = model.target(values.authorizer);
    const scopes = items(values.scopes);
    if (authorizer) return [{ kind, ...ofAuthorizer(authorizer), scopes, when }];
    const name = toText(values.authorizer);
    const scheme = api && name !== undefined ? schemeOf(api, name) : undefined;
    if (scheme !== undefined) return [{ ...ofScheme(scheme, scopes, when), kind, ...(api && { from: api }) }];
    return [{ kind, by: items(values.authorizer), audiences: [], scopes, when }];
  });
  return [...documented, ...written].map(({ kind, by, audiences, scopes, when, from = holder }) => ({
    kind,
    by: texts(by, from),
    audiences: texts(audiences, from),
    scopes: texts(scopes, holder),
    when,
  }));
}

function ofAuthorizer(authorizer: Resource): Pick<Written, 'by' | 'audiences' | 'from'> {
  const by = ['JwtConfiguration.Issuer', 'ProviderARNs', 'AuthorizerUri'];
  return {
    by: by.flatMap((path) => items(at(authorizer, path))),
    audiences: items(at(authorizer, 'JwtConfiguration.Audience')),
    from: authorizer,
  };
}

function ofScheme(scheme: Value, scopes: readonly Value[], when: Assumptions): Written {
  if (isUnknown(scheme)) return { kind: 'an unknown authorizer', by: [scheme], audiences: [], scopes, when };
  const authorizer = at(scheme, ['x-amazon-apigateway-authorizer']);
  const issuer = at(authorizer, 'jwtConfiguration.issuer');
  const pools = items(at(authorizer, 'providerARNs'));
  const signed = toText(at(scheme, ['x-amazon-apigateway-authtype']))?.toLowerCase() === 'awssigv4';
  const tokens = issuer === undefined ? 'CUSTOM' : 'JWT';
  return {
    kind: signed ? 'AWS_IAM' : pools.length > 0 ? 'COGNITO_USER_POOLS' : tokens,
    by: [...items(issuer), ...pools, ...items(at(authorizer, 'authorizerUri'))],
    audiences: items(at(authorizer, 'jwtConfiguration.audience')),
    scopes,
    when,
  };
}

function textOf(model: Model, value: Value, { template }: Resource): string {
  const { names } = ModelAccess.of(model);
  return names.show(names.names.text(value, template) ?? JSON.stringify(isMap(value) ? value : '?'));
}

/** Guards that let in somebody whom none of the earlier ones lets in. */
function eased(resource: string, before: readonly Guard[], now: readonly Guard[]): readonly AccessChange[] {
  return now.flatMap((guard) => {
    const those = before.filter(({ when }) =>
      Object.entries(when).every(([name, value]) => (guard.when[name] ?? value) === value),
    );
    if (guard.kind === undefined || those.length === 0) return [];
    const [conditions] = those.map((one) => easings(one, guard)).sort((a, b) => a.length - b.length);
    if (conditions!.length === 0) return [];
    const actions = ['execute-api:Invoke'];
    const principal = { kind: 'anyone', name: '*' } as const;
    return [
      changeOf({ principal, resource, actions, patterns: actions, conditions: conditions!, reason: 'condition' }),
    ];
  });
}

function easings(before: Guard, now: Guard): readonly string[] {
  if (before.kind === undefined) return [];
  const added = (name: 'by' | 'audiences' | 'scopes') => [...now[name]].filter((one) => !before[name].has(one));
  const lost = (name: 'audiences' | 'scopes') => before[name].size > 0 && now[name].size === 0;
  return [
    ...(before.kind === now.kind ? [] : [`${now.kind} asks who calls, in place of ${before.kind}`]),
    ...added('by').map((one) => `'${one}' vouches for the caller`),
    ...(lost('audiences') ? ['the audience of a token does not count'] : []),
    ...(before.audiences.size === 0 ? [] : added('audiences').map((one) => `the token is for '${one}'`)),
    ...(lost('scopes') ? ['the scopes of a token do not count'] : []),
    ...(before.scopes.size === 0 ? [] : added('scopes').map((one) => `the token has the scope '${one}'`)),
  ];
}
