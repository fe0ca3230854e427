import type { types } from '@pulumi/cloudflare';
import type * as pulumi from '@pulumi/pulumi';
import type { Check } from '../core/check/check';
import { either, input, object, oneOf, text } from '../core/check/kinds';
import { isUnresolved } from '../core/unresolved';

/** What to place a Worker near; exactly one of these. */
export interface EdgeNear {
  /**
   * A region of another cloud: `aws:eu-central-1`, `gcp:us-east4`, `azure:westeurope`.
   * @default - none
   */
  readonly region?: string;
  /**
   * A server that accepts connections, with its port: `db.example.com:5432`.
   * @default - none
   */
  readonly host?: pulumi.Input<string>;
  /**
   * An HTTP server: `api.example.com`.
   * @default - none
   */
  readonly hostname?: pulumi.Input<string>;
}

/**
 * Where requests are processed: `'smart'` is near what the Worker calls most, as measured by the platform; or near one thing.
 * @see https://developers.cloudflare.com/workers/configuration/placement/
 */
export type EdgePlacement = 'smart' | EdgeNear;

/** Shape of a placement. */
export const PLACEMENT = either(
  "must be 'smart', or near one thing",
  () => "write 'smart', or { region: 'aws:eu-central-1' }",
  oneOf('smart'),
  object<EdgeNear>(
    {
      region: text('aws:eu-central-1'),
      host: input(text('db.example.com:5432')),
      hostname: input(text('api.example.com')),
    },
    "{ region: 'aws:eu-central-1' }",
  ),
);

const NAME = String.raw`(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9]`;

/** From 1 to 65535. */
const PORT = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';

/** Checks of a placement. */
export function placementChecks(placement: EdgePlacement | undefined): Check[] {
  if (placement === undefined || placement === 'smart') return [];
  const given = Object.entries(placement).filter(([, value]) => value !== undefined);
  const row = (prop: keyof EdgeNear, pattern: string, rule: string, example: string): Check => ({
    prop: `placement.${prop}`,
    value: placement[prop],
    valid: () => {
      const value = placement[prop];
      return value === undefined || isUnresolved(value) || new RegExp(`^${pattern}$`, 'i').test(String(value));
    },
    rule,
    remedy: `write '${example}', for instance`,
  });
  return [
    {
      prop: 'placement',
      value: given.map(([name]) => name),
      valid: () => given.length === 1,
      rule: 'must be near one thing',
      remedy: "give only one of 'region', 'host' and 'hostname', or write 'smart'",
    },
    row(
      'region',
      '(?:aws|gcp|azure):[a-z0-9-]+',
      'must be a region with its cloud: aws, gcp or azure',
      'aws:eu-central-1',
    ),
    row('host', `${NAME}:${PORT}`, 'must be a host and its port', 'db.example.com:5432'),
    row('hostname', NAME, 'must be a hostname, without scheme and path', 'api.example.com'),
  ];
}

/** In the provider's form. */
export function placementOf(placement: EdgePlacement | undefined): types.input.WorkersScriptPlacement | undefined {
  return placement === 'smart' ? { mode: 'smart' } : placement;
}
