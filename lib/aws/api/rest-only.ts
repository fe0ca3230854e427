import type { Check } from '../../core/check/check';
import { isUnresolved } from '../../core/unresolved';
import type { ServerlessApiProps } from './api-props';
import type { ApiKind } from './route-key';
import type { ReadRoute } from './routes';
import type { UsagePlans } from './usage-plans';

const SET_KIND = "set 'kind' to 'rest'";

/** What HTTP APIs lack, and what to do instead. */
const OF_API = {
  usagePlans: { what: 'has no API keys', remedy: SET_KIND },
  endpoint: { what: 'is always regional', remedy: `remove it, or ${SET_KIND}` },
  policy: { what: 'has no resource policy', remedy: `${SET_KIND}, or restrict callers with 'authorizer'` },
  firewall: {
    what: 'AWS WAF does not protect',
    remedy: `${SET_KIND}, or put CloudFront with the firewall in front of a 'domain' of the API`,
  },
} as const satisfies Partial<Record<keyof ServerlessApiProps, { readonly what: string; readonly remedy: string }>>;

const OF_ROUTE = {
  apiKey: { what: 'has no API keys', remedy: SET_KIND },
  cors: { what: 'has the same answer for all its routes', remedy: `write 'cors' on the API, or ${SET_KIND}` },
  validate: { what: 'validates no requests', remedy: `${SET_KIND}, or validate in the handler` },
} as const satisfies Partial<Record<keyof ReadRoute, { readonly what: string; readonly remedy: string }>>;

/** Refuses props that an HTTP API does not support. */
export function restOnlyChecks(kind: ApiKind, props: ServerlessApiProps, routes: readonly ReadRoute[]): Check[] {
  if (kind === 'rest') return [];
  return [
    ...names(OF_API).flatMap((name) => refused(name, props[name], OF_API[name])),
    ...routes.flatMap((route) =>
      names(OF_ROUTE).flatMap((name) => refused(`routes.${route.key}.${name}`, route[name], OF_ROUTE[name])),
    ),
  ];
}

function refused(
  prop: string,
  value: unknown,
  { what, remedy }: { readonly what: string; readonly remedy: string },
): Check[] {
  if (value === undefined) return [];
  const rule = `must not be given for an HTTP API, which ${what}`;
  // A policy is resolved only at deployment, but its presence is known now.
  const sensitive = isUnresolved(value);
  return [{ prop, value: sensitive ? undefined : value, sensitive, valid: () => false, rule, remedy }];
}

function names<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[];
}

/** Checks of routes that require an API key. */
export function keyChecks(plans: UsagePlans | undefined, routes: readonly ReadRoute[]): Check[] {
  return [
    {
      prop: 'usagePlans',
      value: plans && Object.keys(plans),
      valid: () => plans === undefined || routes.some(({ apiKey }) => apiKey !== false),
      rule: "must apply to a route, but every route has 'apiKey: false'",
      remedy: "remove 'apiKey: false' from one, or remove the plans",
    },
    {
      prop: 'usagePlans',
      value: plans && Object.keys(plans),
      valid: () => plans === undefined || Object.keys(plans).length > 0,
      rule: 'must have at least one plan',
      remedy: "add one: { free: { keys: ['acme'] } }",
    },
    ...routes
      .filter(({ apiKey }) => apiKey === true)
      .map(({ key, apiKey }) => ({
        prop: `routes.${key}.apiKey`,
        value: apiKey,
        valid: () => plans !== undefined,
        rule: "must not be true without 'usagePlans': a key is valid only within a plan, so every call would be refused",
        remedy: "add 'usagePlans: { free: { keys: ['acme'] } }' to the API, or remove it",
      })),
  ];
}
