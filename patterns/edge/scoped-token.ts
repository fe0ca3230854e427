import { isIP } from 'node:net';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import type { ApiPermission, Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { physicalName } from '../../lib/edge/physical-name';
import { ACCOUNT, CAPABILITY } from '../../lib/edge/worker-shape';
import { filled, input, list, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of a `ScopedToken`. */
export interface ScopedTokenArgs extends AccountArgs {
  /** What the token may do: capabilities, each with the fewest permissions that Cloudflare's API has for it. */
  readonly access?: readonly Capability[];
  /**
   * Permission groups of the account, by name, for anything no capability covers: `Workers Scripts Write`.
   * @default - none
   * @see https://developers.cloudflare.com/fundamentals/api/reference/permissions/
   */
  readonly permissions?: readonly string[];
  /**
   * Addresses that may use it, as CIDR blocks.
   * @default - any
   */
  readonly allowedAddresses?: readonly string[];
  /**
   * When it expires, in ISO 8601, UTC. A deployment warns of a time that has passed.
   * @default - never
   */
  readonly expiresOn?: pulumi.Input<string>;
  /**
   * The token's name in the dashboard.
   * @default - from project, stack and the component's name
   */
  readonly tokenName?: pulumi.Input<string>;
}

/**
 * An account token with the fewest permission groups. R2 object permissions are limited to their buckets; for D1, KV and
 * queues Cloudflare has no narrower resource than the account, so the token reaches all of them.
 *
 * @example
 * const db = new EdgeDatabase('db');
 * const ci = new ScopedToken('ci', { access: [db.read()] });
 * export const token = ci.value; // a secret
 */
export class ScopedToken extends pulumi.ComponentResource {
  /** The token. */
  readonly token: cloudflare.AccountToken;
  /** Its value: a secret. */
  readonly value: pulumi.Output<string>;

  /** @throws InputPropertiesError when it asks for nothing, or for something no token can do */
  constructor(name: string, args: ScopedTokenArgs, opts?: pulumi.ComponentResourceOptions) {
    checkName(new.target, name, opts);
    super('lintel:edge:ScopedToken', name, {}, opts);
    checkShape(name, args, SHAPE, NAMES);
    const { access = [], permissions = [], allowedAddresses } = args ?? {};
    const accountId = checkArgs(name, args, checks(args ?? {}));

    const requested = [
      ...access.flatMap((capability) => capability.permissions),
      ...permissions.map((group) => ({ group })),
    ];
    const { results } = cloudflare.getAccountApiTokenPermissionGroupsListOutput({ accountId }, { parent: this });
    this.token = new cloudflare.AccountToken(
      `${name}-token`,
      {
        accountId,
        name: physicalName(args.tokenName, name, 'name').value,
        policies: policiesOf(requested, accountId, results),
        condition: allowedAddresses && { requestIp: { ins: [...allowedAddresses] } },
        expiresOn: args.expiresOn,
      },
      { parent: this },
    );
    this.value = this.token.value;
    pulumi.output(args.expiresOn).apply((time) => this.warnIfExpired(time));
    this.registerOutputs({ tokenId: this.token.id });
  }

  /** No error: a program whose token has expired must still deploy. */
  private warnIfExpired(time: string | undefined): void {
    if (time === undefined || !(Date.parse(time) <= Date.now())) return;
    const remedy = 'give a later time, or remove the token';
    pulumi.log.warn(`'expiresOn' has passed: the token is refused since ${time}; ${remedy}`, this);
  }
}

const SHAPE: Shape<ScopedTokenArgs> = {
  ...ACCOUNT,
  access: list(CAPABILITY, '[db.read()]'),
  permissions: list(filled('D1 Read'), "['D1 Read']"),
  allowedAddresses: list(text('192.0.2.0/24'), "['192.0.2.0/24']"),
  expiresOn: input(filled('2027-01-31T00:00:00Z')),
  tokenName: input(filled('ci')),
};

/** Names from the provider, and their equivalents here. */
const NAMES = { name: "write 'tokenName'", policies: "write 'access', or 'permissions'" };

type Groups = pulumi.Output<readonly { readonly id: string; readonly name: string }[]>;

/** One policy for account-wide permissions, and one per group of bucket permissions. */
function policiesOf(requested: readonly ApiPermission[], accountId: pulumi.Input<string>, groups: Groups) {
  const account = requested.filter(({ bucket }) => bucket === undefined);
  const buckets = requested.filter(({ bucket }) => bucket !== undefined);
  return [
    ...(account.length > 0
      ? [
          policy(
            account.map(({ group }) => group),
            [pulumi.interpolate`com.cloudflare.api.account.${accountId}`],
            groups,
          ),
        ]
      : []),
    ...[...new Set(buckets.map(({ group }) => group))].map((group) =>
      policy(
        [group],
        buckets
          .filter((permission) => permission.group === group)
          .map(
            ({ bucket, jurisdiction = 'default' }) =>
              pulumi.interpolate`com.cloudflare.edge.r2.bucket.${accountId}_${jurisdiction}_${bucket}`,
          ),
        groups,
      ),
    ),
  ];
}

function policy(names: readonly string[], resources: readonly pulumi.Output<string>[], groups: Groups) {
  return {
    effect: 'allow',
    permissionGroups: groups.apply((all) =>
      [...new Set(names)]
        .map((name) => {
          const id = all.find((group) => group.name === name)?.id;
          if (id === undefined)
            throw new Error(`Cloudflare has no permission group '${name}' for tokens of this account`);
          return { id };
        })
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ),
    resources: pulumi.jsonStringify(
      pulumi
        .all([...resources])
        .apply((names) => Object.fromEntries([...new Set(names)].sort().map((key) => [key, '*']))),
    ),
  };
}

/** An address, or a network in CIDR notation. */
function isBlock(block: string): boolean {
  const [address = '', prefix, ...more] = block.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

function isTime(text: string): boolean {
  const time = Date.parse(text);
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) &&
    !Number.isNaN(time) &&
    new Date(time).toISOString() === text.replace('Z', '.000Z')
  );
}

function checks({ access = [], permissions = [], allowedAddresses, expiresOn }: ScopedTokenArgs): Check[] {
  return [
    {
      prop: 'access',
      value: access.length + permissions.length || undefined,
      valid: () => access.length + permissions.length > 0,
      rule: "or 'permissions' must name what the token may do",
      remedy: "set 'access: [db.read()]', for instance",
    },
    ...access.map(({ binding, permissions: groups }, index) => ({
      prop: `access.${index}`,
      value: binding.type,
      valid: () => groups.length > 0,
      rule: "must be something that Cloudflare's API can do",
      remedy: 'remove it: only a Worker can do that, through its binding',
    })),
    {
      prop: 'allowedAddresses',
      value: allowedAddresses,
      valid: () => allowedAddresses === undefined || (allowedAddresses.length > 0 && allowedAddresses.every(isBlock)),
      rule: 'must be CIDR blocks',
      remedy: "set '203.0.113.0/24', for instance",
    },
    {
      prop: 'expiresOn',
      value: expiresOn,
      valid: () => typeof expiresOn !== 'string' || isTime(expiresOn),
      rule: 'must be a UTC time in whole seconds, as in RFC 3339',
      remedy: "write '2027-01-31T00:00:00Z', for instance",
    },
  ];
}
