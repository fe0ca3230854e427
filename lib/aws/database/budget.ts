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
  /** As whom. */
  readonly user: string;
  /** Share of its time in a transaction, in percent. */
  readonly busy: number;
  /** Whether it connects to the readers. */
  readonly readOnly: boolean;
}

/** A proxy, whose functions share the connections of a database with those of others. */
export interface PoolMember {
  /** The pooled database. */
  readonly construct: IConstruct;
  /** What two proxies of one database have in common. */
  readonly database: IConstruct | string;
  /** The connections of an instance, as far as this app knows. */
  readonly connections: () => Connections | undefined;
  /** What the proxy may use of them. */
  readonly percent: number;
  /** Readers of the database, where that is known. */
  readonly readers: number | undefined;
  /** Who connects; more may come until the app is complete. */
  readonly connectors: readonly Connector[];
  /** The database within it, and what is said of it here. */
  readonly within: { readonly name: string; readonly migrates: boolean; readonly users: readonly string[] };
}

/** What one function takes of a database's connections. */
export interface ConnectionShare {
  /** Construct path of the function. */
  readonly function: string;
  /** Construct path of the `PooledDatabase`. */
  readonly database: string;
  /** As whom it connects. */
  readonly user: string;
  /** Whether it connects to the readers. */
  readonly readOnly: boolean;
  /** The most of it that runs at once; unknown where nothing bounds it. */
  readonly concurrency?: number;
  /** Share of its time in a transaction, in percent. */
  readonly busy: number;
  /** The most transactions that it has at once; unknown where nothing bounds it. */
  readonly transactions?: number;
}

const pools = new WeakMap<IConstruct, PoolMember[]>();

/** Adds a proxy to those of its app, and has it judged with the others of its database when the app is complete. */
export function joinPools(member: PoolMember): void {
  const { root } = member.construct.node;
  pools.set(root, [...(pools.get(root) ?? []), member]);
  member.construct.node.addValidation({ validate: () => failures(member) });
}

/** What the functions of an app take of the connections of their databases. Complete after synthesis. */
export function connectionShares(app: IConstruct): ConnectionShare[] {
  const bounds = boundsOf(app);
  return (pools.get(app.node.root) ?? []).flatMap((member) => sharesOf(member, bounds));
}

/** Tells of functions that nothing keeps from taking every connection, and of a database whose connections nobody knows. */
export function warnOfUnbounded(member: PoolMember): void {
  if (member.connectors.length === 0) return;
  if (connectionsOfAll(membersWith(member)) === undefined) {
    Annotations.of(member.construct).addWarningV2(
      'lintel:UnknownConnections',
      "How many connections the database has is not known here, and nothing is judged by them: say in 'maxConnections' what 'SHOW max_connections' says",
    );
  }
  for (const share of sharesOf(member, finalBounds(member.construct))) {
    if (share.concurrency !== undefined) continue;
    Annotations.of(member.construct).addWarningV2(
      `lintel:UnboundedConnector:${share.function}`,
      `${share.function} may run as often at once as the account lets it, and so wait for every connection there is: ` +
        `set its 'reservedConcurrency', or the 'maxConcurrency' of its queue`,
    );
  }
}

type Bounds = ReadonlyMap<IConstruct, number>;

const NOTHING: Bounds = new Map();

const settled = new WeakMap<IConstruct, Bounds>();

/** The bounds as they are when nothing changes the app any more: read once for all of its databases. */
function finalBounds({ node }: IConstruct): Bounds {
  const known = settled.get(node.root) ?? boundsOf(node.root);
  settled.set(node.root, known);
  return known;
}

/** The most of each function that may run at once, where something bounds it. */
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

/** A queue bounds a function that nobody else calls. */
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

/** All proxies of the database of one. */
function membersWith({ construct, database }: PoolMember): readonly PoolMember[] {
  return (pools.get(construct.node.root) ?? []).filter((other) => other.database === database);
}

/** What the first that knows says of the database's connections. */
function connectionsOfAll(members: readonly PoolMember[]): Connections | undefined {
  return members.map(({ connections }) => connections()).find((known) => known !== undefined);
}

/** The first of a database's proxies speaks for all of them. */
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

/** Whoever comes second finds files in the ledger that are not its own, and takes back what the first gave. */
function saidTwice(members: readonly PoolMember[]): string[] {
  const both = (said: (member: PoolMember) => readonly string[]) =>
    members.flatMap((one, index) =>
      members.slice(index + 1).flatMap((other) =>
        one.within.name === other.within.name
          ? said(one)
              .filter((what) => said(other).includes(what))
              .map((what) => ({ what, one: one.construct.node.path, other: other.construct.node.path }))
          : [],
      ),
    );
  return [
    ...both(({ within }) => (within.migrates ? [within.name] : [])).map(
      ({ what, one, other }) =>
        `'migrations' must be those of one PooledDatabase for one database, whose ledger they share, got two for '${what}' ` +
        `(${one}, ${other}); put all files into the directory of one of them (${other})`,
    ),
    ...both(({ within }) => within.users).map(
      ({ what, one, other }) =>
        `'users.${what}' must be said once for one database, since each deployment takes back what the other gave, got it twice ` +
        `(${one}, ${other}); leave it out of one of them, which may connect as it all the same (${other})`,
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
    `functions that connect may have at most ${usable} transactions at once ` +
      `((${most} connections of ${because} - ${reserved} reserved - ${migrations} of migrations) x ${member.percent} %${times}), ` +
      `got ${sum} (${parts.join(', ')}); lower the concurrency, say in 'busy' how much of their time they are in a transaction, ` +
      `or raise 'capacity.max' (${member.construct.node.path})`,
  ];
}
