import type { CertificateAuthority } from '../../../../engines/certificates';
import type { Deployed } from '../../../kernel/deployment';
import { number, recordOf, text, texts } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import { type Database, fatal } from '../database/database';
import type { Network, Place } from '../network/network';
import type { SecretReader } from '../secrets';
import { type Backend, ConnectionRefused } from '../wire/backend';
import { Gate, type AuthenticatedClient, type Host, type StartupRequest } from '../wire/gate';
import type { PostgresError } from '../wire/messages';
import { ConnectionPool, type PoolKey, type PoolUse } from './connection-pool';
import { PooledSession } from './session';
import { SignIn } from './sign-in';

export const PROXY = 'AWS::RDS::DBProxy';
export const ENDPOINT = 'AWS::RDS::DBProxyEndpoint';
export const TARGETS = 'AWS::RDS::DBProxyTargetGroup';

/** The port of a proxy, whatever the database's port. */
const PORT = 5432;
/** Startup parameters that a proxy accepts: Node.js clients always send `client_encoding`. */
const STARTUP = ['user', 'database', 'application_name', 'client_encoding'];
/** Delay after an invocation before an idle client may be closed, in milliseconds. */
const REST = 50;
/** The longest timer in Node.js, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Dependencies of a proxy. */
export interface ProxyParts {
  readonly context: LocalContext;
  readonly network: Network;
  readonly secrets: SecretReader;
  /** Signs its certificates, like a public CA. */
  readonly authority: CertificateAuthority;
  /** The run's databases, by the identifier in a target group. */
  readonly database: (id: string) => Database | undefined;
}

/** The pinning of a client to a database connection. */
export interface Pin {
  readonly sql: string;
  readonly reason: string;
}

/** An RDS Proxy: authenticates clients and lends them database connections, one transaction at a time. */
export class Proxy {
  /** The pins so far, in order. */
  readonly pins: Pin[] = [];
  private readonly gates: Gate[] = [];
  private readonly sessions = new Set<PooledSession>();
  /** Timers that close idle sessions. */
  private readonly idle = new Map<PooledSession, readonly NodeJS.Timeout[]>();
  private readonly signIn: SignIn;
  private pool: ConnectionPool | undefined;

  /**
   * @param deployed the proxy
   * @param parts its dependencies
   */
  constructor(
    readonly deployed: Deployed,
    private readonly parts: ProxyParts,
  ) {
    this.signIn = new SignIn(deployed, parts);
  }

  get name(): string {
    return this.deployed.displayName;
  }

  /** Connected clients, and the usage of its database connections. */
  get use(): PoolUse & { readonly clients: number; readonly pinned: number } {
    const none = { connections: 0, peak: 0, timeouts: 0 };
    return {
      ...(this.pool?.use ?? none),
      clients: this.sessions.size,
      pinned: [...this.sessions].filter(({ isPinned }) => isPinned).length,
    };
  }

  /** Its target database; undefined if it is not in the templates or does not run. */
  get database(): Database | undefined {
    const { properties } = this.targets ?? {};
    const ids = [properties?.DBClusterIdentifiers, properties?.DBInstanceIdentifiers].flatMap(texts);
    return ids.map((id) => this.parts.database(id)).find((one) => one !== undefined);
  }

  /** Why it does not run locally; undefined if it does. */
  whyNotRun(): string | undefined {
    const family = text(this.deployed.properties.EngineFamily);
    if (family !== 'POSTGRESQL')
      return `proxies for ${family ?? 'an unnamed engine'} are not run: nothing reaches this one`;
    const { database } = this;
    if (!database) return 'its database is in no template: nothing reaches it';
    return database.whyNotRun() === undefined ? undefined : `'${database.name}' does not run: nothing reaches it`;
  }

  /** Opens its endpoints. */
  async start(): Promise<void> {
    const settings = recordOf(this.targets?.properties.ConnectionPoolConfigurationInfo);
    const share = number(settings.MaxConnectionsPercent) ?? 100;
    const { context } = this.parts;
    const initial = text(settings.InitQuery);
    this.pool = new ConnectionPool({
      limit: Math.max(1, Math.floor(((this.database?.limit ?? 0) * share) / 100)),
      borrowTimeout: context.clock.milliseconds(number(settings.ConnectionBorrowTimeout) ?? 120),
      open: (key) => this.open(key, initial),
    });
    await this.listen(this.deployed, this.place, false);
    for (const endpoint of this.endpoints) {
      const groups = texts(endpoint.properties.VpcSecurityGroupIds);
      const place = { ...this.place, subnets: texts(endpoint.properties.VpcSubnetIds) };
      const readOnly = text(endpoint.properties.TargetRole) === 'READ_ONLY';
      await this.listen(endpoint, { ...place, ...(groups.length > 0 && { groups }) }, readOnly);
    }
  }

  async stop(): Promise<void> {
    for (const gate of this.gates) await gate.stop();
    this.pool?.stop();
  }

  private async listen(endpoint: Deployed, place: Place, readOnly: boolean): Promise<void> {
    const { context, authority, network } = this.parts;
    const host = endpoint.attribute('Endpoint') ?? '';
    const gate = new Gate(authority.issue([host]), this.behind(host, readOnly));
    await gate.listen();
    this.gates.push(gate);
    const closed = (fn: Deployed) => network.way(network.ofFunction(fn), place, PORT).closed;
    context.hosts.add({ host, port: PORT, localPort: gate.port, closed });
  }

  private behind(host: string, readOnly: boolean): Host {
    return {
      refuseStartup: (startup) => this.refuseStartup(startup),
      authenticate: (startup, password) =>
        this.signIn.authenticate(startup, password, { host, port: PORT, database: this.database }),
      serve: (guest) => this.serve(guest, readOnly),
      cancel: () => this.note('a client cancelled its query, which RDS Proxy does not pass on: the query continues'),
    };
  }

  private refuseStartup({ encrypted, parameters }: StartupRequest): PostgresError | undefined {
    if (!encrypted && String(this.deployed.properties.RequireTLS) === 'true') {
      return fatal('28000', 'This RDS Proxy requires TLS connections');
    }
    if (parameters.options !== undefined) {
      return fatal('0A000', "Feature not supported: RDS Proxy currently doesn't support command-line options.");
    }
    const other = Object.keys(parameters).find((name) => !STARTUP.includes(name));
    if (other === undefined) return undefined;
    return fatal('0A000', `Feature not supported: RDS Proxy currently doesn't support the option ${other}.`);
  }

  private serve(guest: AuthenticatedClient, readOnly: boolean): void {
    const { user, database } = guest.startup;
    const session: PooledSession = new PooledSession(guest, { user, database, readOnly }, this.pool!, {
      pinned: (sql, reason) => {
        this.pins.push({ sql, reason });
        this.note(`a client of '${user}' is pinned to its connection to the database: ${reason}: ${sql.slice(0, 200)}`);
      },
      rested: () => this.watch(session, user),
      ended: () => {
        this.sessions.delete(session);
        this.forget(session);
      },
    });
    this.sessions.add(session);
    session.begin(this.database?.engine?.parameters ?? []);
    this.watch(session, user);
  }

  /** Closes a client that has been idle for too long; with disorder, sometimes already between two invocations. */
  private watch(session: PooledSession, user: string): void {
    const { clock, disorder, functions } = this.parts.context;
    const { heard } = session;
    this.forget(session);
    const closeAfter = (milliseconds: number, test: () => boolean) =>
      setTimeout(
        () => {
          if (session.isIdle && session.heard === heard && test()) session.close();
        },
        Math.min(milliseconds, LONGEST_TIMER),
      ).unref();
    const patience = clock.milliseconds(number(this.deployed.properties.IdleClientTimeout) ?? 1800);
    const timers = [closeAfter(patience, () => true)];
    if (disorder.next(`clients of ${this.name} as ${user}`).repeated) {
      timers.push(closeAfter(REST, () => functions.all.every(({ inFlight }) => inFlight === 0)));
    }
    this.idle.set(session, timers);
  }

  private forget(session: PooledSession): void {
    this.idle.get(session)?.forEach((timer) => clearTimeout(timer));
    this.idle.delete(session);
  }

  /** @throws ConnectionRefused */
  private open({ user, database: name, readOnly }: PoolKey, initial: string | undefined): Promise<Backend> {
    const { database } = this;
    if (!database) throw new ConnectionRefused(NO_TARGET);
    const way = this.parts.network.way(this.place, database.place, database.port);
    if (way.closed !== undefined || (readOnly && !database.hasReader)) {
      this.note(way.closed ?? `'${database.name}' has no reader for the read-only endpoint`);
      throw new ConnectionRefused(NO_TARGET);
    }
    const parameters = { user, database: name, client_encoding: 'UTF8' };
    return database.connect(parameters, { first: initial, readOnly });
  }

  /** Its place in the network. */
  get place(): Place {
    const { VpcSecurityGroupIds, VpcSubnetIds } = this.deployed.properties;
    return { name: this.name, groups: texts(VpcSecurityGroupIds), subnets: texts(VpcSubnetIds) };
  }

  private get targets(): Deployed | undefined {
    return this.ofProxy(TARGETS)[0];
  }

  private get endpoints(): readonly Deployed[] {
    return this.ofProxy(ENDPOINT);
  }

  private ofProxy(type: string): readonly Deployed[] {
    const all = this.parts.context.deployment.ofType(type);
    return all.filter(({ properties }) => text(properties.DBProxyName) === this.deployed.ref);
  }

  private note(reason: string): void {
    this.parts.context.logs.write(this.name, reason);
  }
}

/** The error a client gets when the proxy cannot reach its database. */
const NO_TARGET = fatal('53300', 'Timed-out waiting to acquire database connection');
