import { Annotations } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { calledFunctions } from '../concurrency/callers';
import { functionOf, type Holding, holdingsOf } from '../concurrency/holdings';
import { type Connections, usableBy } from './connections';

/** A function that connects. */
export interface Connector {
  /** The function. */
  readonly fn: LambdaFunction;
  /** As which user. */
  readonly user: string;
  /** Share of its time in a transaction, in percent. */
  readonly busy: number;
  /** Whether it connects to the readers. */
  readonly readOnly: boolean;
}

/** A proxy, whose functions share a database's connections with others. */
export interface PoolMember {
  /** The pooled database. */
  readonly construct: IConstruct;
  /** What two proxies of one database have in common. */
  readonly database: IConstruct | string;
  /** Connections of an instance, as far as this app knows. */
  readonly connections: () => Connections | undefined;
  /** Share that the proxy may use of them. */
  readonly percent: number;
  /** Readers of the database, if known. */
  readonly readers: number | undefined;
  /** Functions that connect; more may be added until the app is complete. */
  readonly connectors: readonly Connector[];
  /** The database within it, and what is declared for it here. */
  readonly within: { readonly name: string; readonly migrates: boolean; readonly users: readonly string[] };
}

/** What one function takes of a database's connections. */
export interface ConnectionShare {
  /** Construct path of the function. */
  readonly function: string;
  /** Construct path of the `PooledDatabase`. */
  readonly database: string;
  /** The user it connects as. */
  readonly user: string;
  /** Whether it connects to the readers. */
  readonly readOnly: boolean;
  /** Its maximum concurrency; undefined if unbounded. */
  readonly concurrency?: number;
  /** Share of its time in a transaction, in percent. */
  readonly busy: number;
  /** Its maximum number of open transactions; undefined if unbounded. */
  readonly transactions?: number;
}

const pools = new WeakMap<IConstruct, PoolMember[]>();

/** Adds a proxy to those of its app, to be checked with the others of its database once the app is complete. */
export function joinPools(member: PoolMember): void {
  const { root } = member.construct.node;
  pools.set(root, [...(pools.get(root) ?? []), member]);
  member.construct.node.addValidation({ validate: () => failures(member) });
}

/** What an app's functions take of their databases' connections. Complete after synthesis. */
export function connectionShares(app: IConstruct): ConnectionShare[] {
  const bounds = boundsOf(app);
  return (pools.get(app.node.root) ?? []).flatMap((member) => sharesOf(member, bounds));
}

/** Warns of functions that could take every connection, and of a database with an unknown number of connections. */
export function warnOfUnbounded(member: PoolMember): void {
  if (member.connectors.length === 0) return;
  if (connectionsOfAll(membersWith(member)) === undefined) {
    Annotations.of(member.construct).addWarningV2(
      'lintel:UnknownConnections',
      "The database's number of connections is not known here, so nothing is checked against it: set 'maxConnections' to what 'SHOW max_connections' says",
    );
  }
  for (const share of sharesOf(member, finalBounds(member.construct))) {
    if (share.concurrency !== undefined) continue;
    Annotations.of(member.construct).addWarningV2(
      `lintel:UnboundedConnector:${share.function}`,
      `${share.function} may run as concurrently as the account allows, and so compete for every connection: ` +
        `set its 'reservedConcurrency', or the 'maxConcurrency' of its queue`,
    );
  }
}

type Bounds = ReadonlyMap<IConstruct, number>;

const NOTHING: Bounds = new Map();

const settled = new WeakMap<IConstruct, Bounds>();

/** The final bounds, once nothing changes the app any more: computed once for all its databases. */
function finalBounds({ node }: IConstruct): Bounds {
  const known = settled.get(node.root) ?? boundsOf(node.root);
  settled.set(node.root, known);
  return known;
}

/** Maximum concurrency of each function, if bounded. */
function boundsOf(construct: IConstruct): Bounds {
  const { root } = construct.node;
  const mappings = root.node.findAll().filter(CfnEventSourceMapping.isCfnEventSourceMapping);
  const called = calledFunctions(root);
  const bounds = new Map<IConstruct, number>();
  for (const holding of holdingsOf(root)) {
    const bound = boundOf(holding, mappings, called);
    if (bound !== undefined) bounds.set(holding.fn, bound);
  }
  return bounds;
}

/** A queue bounds a function that nothing else calls. */
function boundOf(
  { fn, reserved, mapped }: Holding,
  mappings: readonly CfnEventSourceMapping[],
  called: ReadonlySet<CfnFunction>,
): number | undefined {
  if (reserved !== undefined) return reserved;
  if (called.has(fn) || mapped === 0) return undefined;
  const own = mappings.filter((mapping) => functionOf(mapping, mapping.functionName) === fn);
  return own.every(({ scalingConfig }) => scalingConfig !== undefined) ? mapped : undefined;
}

function sharesOf({ construct, connectors }: PoolMember, bounds: Bounds): ConnectionShare[] {
  return connectors.map(({ fn, user, busy, readOnly }) => {
    const concurrency = bounds.get(fn.node.defaultChild as CfnFunction);
    return {
      function: fn.node.path,
      database: construct.node.path,
      user,
      readOnly,
      busy,
      ...(concurrency !== undefined && { concurrency, transactions: Math.ceil((concurrency * busy) / 100) }),
    };
  });
}

/** All proxies of a member's database. */
function membersWith({ construct, database }: PoolMember): readonly PoolMember[] {
  return (pools.get(construct.node.root) ?? []).filter((other) => other.database === database);
}

/** The database's connections, from the first member that knows them. */
function connectionsOfAll(members: readonly PoolMember[]): Connections | undefined {
  return members.map(({ connections }) => connections()).find((known) => known !== undefined);
}

/** Reported once per database, by its first proxy. */
function failures(member: PoolMember): string[] {
  const members = membersWith(member);
  if (members[0] !== member) return [];
  const connections = connectionsOfAll(members);
  const bounds = members.some(({ connectors }) => connectors.length > 0) ? finalBounds(member.construct) : NOTHING;
  const percent = members.reduce((sum, one) => sum + one.percent, 0);
  const path = member.construct.node.path;
  return [
    ...saidTwice(members),
    ...(percent > 100
      ? [
          `'maxConnectionsPercent' of the ${members.length} proxies of one database must be at most 100 together, got ${percent} ` +
            `(${members.map((one) => `${one.construct.node.path} ${one.percent}`).join(', ')}); lower them (${path})`,
        ]
      : []),
    ...(connections === undefined
      ? []
      : members.flatMap((one) => [
          ...exceeded(one, connections, sharesOf(one, bounds), false),
          ...exceeded(one, connections, sharesOf(one, bounds), true),
        ])),
  ];
}

/** Otherwise the second would find unknown files in the ledger, and revoke what the first granted. */
function saidTwice(members: readonly PoolMember[]): string[] {
  const both = (select: (member: PoolMember) => readonly string[]) =>
    members.flatMap((one, index) =>
      members.slice(index + 1).flatMap((other) =>
        one.within.name === other.within.name
          ? select(one)
              .filter((what) => select(other).includes(what))
              .map((what) => ({ what, one: one.construct.node.path, other: other.construct.node.path }))
          : [],
      ),
    );
  return [
    ...both(({ within }) => (within.migrates ? [within.name] : [])).map(
      ({ what, one, other }) =>
        `'migrations' must be set on only one PooledDatabase per database, since they would share a ledger, got two for '${what}' ` +
        `(${one}, ${other}); put all files in the directory of one of them (${other})`,
    ),
    ...both(({ within }) => within.users).map(
      ({ what, one, other }) =>
        `'users.${what}' must be set only once per database, since each deployment would revoke what the other granted, got it twice ` +
        `(${one}, ${other}); leave it out of one of them, which may still connect as that user (${other})`,
    ),
  ];
}

function exceeded(
  member: PoolMember,
  connections: Connections,
  shares: readonly ConnectionShare[],
  readOnly: boolean,
): string[] {
  const instances = readOnly ? (member.readers ?? 1) : 1;
  const usable = usableBy(connections, member.percent) * instances;
  const counted = shares.filter((share) => share.readOnly === readOnly && share.transactions !== undefined);
  const sum = counted.reduce((total, { transactions = 0 }) => total + transactions, 0);
  if (sum <= usable) return [];
  const { most, because, reserved, migrations } = connections;
  const parts = counted
    .sort((a, b) => b.transactions! - a.transactions!)
    .map((share) => `${share.function} ${share.concurrency} x ${share.busy} % = ${share.transactions}`);
  const times = instances > 1 ? ` x ${instances} readers` : '';
  return [
    `functions that connect may have at most ${usable} concurrent transactions ` +
      `((${most} connections of ${because} - ${reserved} reserved - ${migrations} for migrations) x ${member.percent} %${times}), ` +
      `got ${sum} (${parts.join(', ')}); lower the concurrency, set 'busy' to the share of time they spend in a transaction, ` +
      `or raise 'capacity.max' (${member.construct.node.path})`,
  ];
}
