import type { IApiKey } from 'aws-cdk-lib/aws-apigateway';
import type { Check } from '../../core/check/check';
import { either, filled, having, known, list, needed, number, object, oneOf, record } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { THROTTLE, throttleChecks, type ThrottleProps } from './throttle';

/** Requests that a key may make per period. */
export interface QuotaProps {
  /** Requests; 1 or more. */
  readonly limit: number;
  /** A calendar day, week or month. */
  readonly period: 'day' | 'week' | 'month';
}

/** Keys with a quota and a rate. */
export interface UsagePlanProps {
  /**
   * The keys of the plan: names of new ones, or existing keys, such as `ApiKey.fromApiKeyId(...)`. API Gateway generates
   * the value of a new key, which is in no template: `aws apigateway get-api-key --include-value --api-key ID` shows it.
   */
  readonly keys: readonly (string | IApiKey)[];
  /**
   * Requests per second and burst of each key.
   * @default - the API's
   */
  readonly throttle?: ThrottleProps;
  /**
   * Requests that each key may make per period.
   * @default - unlimited
   */
  readonly quota?: QuotaProps;
}

/** The usage plans of an API by name: `{ free: { keys: ['acme'], quota: { limit: 1000, period: 'month' } } }`. */
export type UsagePlans = Readonly<Record<string, UsagePlanProps>>;

const EXAMPLE = "{ free: { keys: ['acme'], quota: { limit: 1000, period: 'month' } } }";

const API_KEY: Kind = known(
  either(
    'must be a name for a new key, or an existing key',
    () => "write a name such as 'acme', or pass ApiKey.fromApiKeyId(...)",
    filled('acme'),
    having('an API key', 'keyId', 'pass the key itself'),
  ),
);

/** Usage plans by name. */
export const USAGE_PLANS = record(
  object<UsagePlanProps>(
    {
      keys: needed(known(list(API_KEY, "['acme']")), "name its keys: ['acme']"),
      throttle: THROTTLE,
      quota: object<QuotaProps>(
        {
          limit: needed(number, 'give the requests per period'),
          period: needed(oneOf('day', 'week', 'month'), "write 'day', 'week' or 'month'"),
        },
        "{ limit: 1000, period: 'month' }",
      ),
    },
    "{ keys: ['acme'] }",
    { apiKeys: "write 'keys'", apiStages: 'remove it: a plan is for the API that has it' },
  ),
  EXAMPLE,
);

/**
 * Checks of usage plans.
 * @param throttle of the API
 */
export function usagePlanChecks(plans: UsagePlans, throttle: ThrottleProps): Check[] {
  const owners = new Map<unknown, string>();
  return Object.entries(plans).flatMap(([name, { keys, throttle: own, quota }]) => {
    const prop = `usagePlans.${name}`;
    return [
      {
        prop: `${prop}.keys`,
        value: keys.length,
        valid: () => keys.length > 0,
        rule: 'must have at least one key',
        remedy: "name one, such as 'acme'",
      },
      ...keys.flatMap((key) => onlyOnce(`${prop}.keys`, name, key, owners)),
      ...(own ? [...throttleChecks(`${prop}.throttle`, own), ...belowApi(`${prop}.throttle`, own, throttle)] : []),
      {
        prop: `${prop}.quota.limit`,
        value: quota?.limit,
        valid: () => quota === undefined || (Number.isInteger(quota.limit) && quota.limit >= 1),
        rule: 'must be a whole number of requests, 1 or more',
        remedy: 'give the requests a key may make in the period',
      },
    ];
  });
}

/** A key can be in only one plan of a stage. */
function onlyOnce(prop: string, plan: string, key: string | IApiKey, owners: Map<unknown, string>): Check[] {
  const identity = typeof key === 'string' ? key : key.node;
  const owner = owners.get(identity);
  owners.set(identity, plan);
  if (owner === undefined) return [];
  const value = typeof key === 'string' ? key : key.node.path;
  const rule = `must not have a key that is already in '${owner}': API Gateway allows a key one plan per API`;
  return [{ prop, value, valid: () => false, rule, remedy: 'keep it in one of them' }];
}

function belowApi(prop: string, own: ThrottleProps, api: ThrottleProps): Check[] {
  return (['rate', 'burst'] as const).map((part) => ({
    prop: `${prop}.${part}`,
    value: own[part],
    reads: [api[part]],
    valid: () => own[part] <= api[part],
    rule: `must be at most ${api[part]}, the limit of the whole API`,
    remedy: `lower it, or raise the API's 'throttle.${part}'`,
  }));
}
