import type { CertificateAuthority } from '../../../../engines/certificates';
import type { Deployed } from '../../../kernel/deployment';
import { number, recordOf, text, texts } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import type { Network, Place } from '../network/network';
import type { SecretReader } from '../secrets';
import { noteRefusal, signerOf } from '../token';
import { type Backend, type BackendUse, ConnectionRefused } from '../wire/backend';
import { Gate, type AuthenticatedClient, type Host, type StartupRequest, rejectClient } from '../wire/gate';
import { message, type PostgresError } from '../wire/messages';
import { passwordOf } from './bootstrap';
import { Engine, type Role } from './engine';
import { maxConnections } from './max-connections';
import { isPassword } from './password';
import { packageOf } from './versions';

export const CLUSTER = 'AWS::RDS::DBCluster';
export const INSTANCE = 'AWS::RDS::DBInstance';

const PAST_TLS = 15;

/** Dependencies of databases. */
export interface DatabaseParts {
  readonly context: LocalContext;
  readonly network: Network;
  readonly secrets: SecretReader;
  /** Signs their certificates, like the RDS CA. */
  readonly authority: CertificateAuthority;
}

/** A template's PostgreSQL: an Aurora cluster or an instance, with its direct endpoints. */
export class Database implements Host {
  /** The engine, once started. */
  engine: Engine | undefined;
  private readonly gates: Gate[] = [];
  private password: Promise<void> | undefined;

  /**
   * @param deployed the cluster or instance
   * @param parts its dependencies
   */
  constructor(
    readonly deployed: Deployed,
    private readonly parts: DatabaseParts,
  ) {}

  get name(): string {
    return this.deployed.displayName;
  }

  get port(): number {
    return Number(this.deployed.attribute('Endpoint.Port') ?? 5432);
  }

  /** The name of its initial database. */
  get initialDatabase(): string {
    const { DatabaseName, DBName } = this.deployed.properties;
    return text(DatabaseName) ?? text(DBName) ?? 'postgres';
  }

  /** Whether there is a reader besides the writer. */
  get hasReader(): boolean {
    return this.members.length > 1;
  }

  /** `max_connections`. */
  get limit(): number {
    return maxConnections(this.deployed, this.parts.context.deployment);
  }

  /** Its place in the network. */
  get place(): Place {
    const { properties } = this.deployed;
    const own = [properties.VpcSecurityGroupIds, properties.VPCSecurityGroups].flatMap(texts);
    const subnets = this.parts.network.subnetsOf(text(properties.DBSubnetGroupName));
    const open = [this.deployed, ...this.members].some((one) => String(one.properties.PubliclyAccessible) === 'true');
    return { name: this.name, groups: own, subnets, public: open };
  }

  /** The `rds-db:connect` ARN of a user. */
  userArn(user: string): string {
    const id = this.deployed.attribute(this.deployed.type === CLUSTER ? 'DBClusterResourceId' : 'DbiResourceId') ?? '';
    return this.deployed.arnHere('rds-db', `dbuser:${id}/${user}`);
  }

  /** Whether IAM authentication is enabled. */
  get takesTokens(): boolean {
    return String(this.deployed.properties.EnableIAMDatabaseAuthentication) === 'true' || this.firstSignsInByIam;
  }

  /** Why it does not run locally; undefined if it does. */
  whyNotRun(): string | undefined {
    const engine = text(this.deployed.properties.Engine) ?? '';
    if (!engine.includes('postgres')) return `there is no ${engine || 'engine'} here: nothing reaches this database`;
    const found = packageOf(this.major);
    return typeof found === 'string' ? `${found}: nothing reaches this database` : undefined;
  }

  /** Starts its engine and its endpoints. */
  async start(): Promise<void> {
    const { context } = this.parts;
    const found = packageOf(this.major);
    if (typeof found === 'string') return;
    this.engine = await Engine.start({
      package: found.directory,
      databases: this.initialDatabase === 'postgres' ? [] : [this.initialDatabase],
      limit: this.limit,
    });
    // Secrets exist by now.
    const user = (await this.parts.secrets.resolved(this.deployed.properties.MasterUsername)) ?? 'postgres';
    await this.engine.handOver({ name: user, iam: this.firstSignsInByIam });
    context.runsOn(`PostgreSQL ${found.version} for '${this.name}'`);
    await this.listen(this.writerHosts, this);
    if (this.readerHosts.length > 0) await this.listen(this.readerHosts, this.reader());
  }

  private async listen(hosts: readonly string[], host: Host): Promise<void> {
    const gate = new Gate(this.parts.authority.issue(hosts), host);
    await gate.listen();
    this.gates.push(gate);
    for (const name of hosts) {
      this.parts.context.hosts.add({
        host: name,
        port: this.port,
        localPort: gate.port,
        closed: (fn) => this.parts.network.way(this.parts.network.ofFunction(fn), this.place, this.port).closed,
      });
    }
  }

  async stop(): Promise<void> {
    for (const gate of this.gates) await gate.stop();
    await this.engine?.stop();
  }

  refuseStartup({ encrypted, user, database }: StartupRequest): PostgresError | undefined {
    if (encrypted || !this.forcesTls) return undefined;
    return fatal(
      '28000',
      `no pg_hba.conf entry for host "127.0.0.1", user "${user}", database "${database}", no encryption`,
    );
  }

  async authenticate(startup: StartupRequest, password: string): Promise<PostgresError | undefined> {
    const role = await this.roleOf(startup.user);
    if (!role?.iam) {
      return this.opens(role, password)
        ? undefined
        : fatal('28P01', `password authentication failed for user "${startup.user}"`);
    }
    const reason = this.whyNoToken(startup, password);
    if (reason === undefined) return undefined;
    const message = `${startup.user} is denied access by '${this.name}': ${reason}`;
    noteRefusal(this.parts.context, { source: this.name, token: password, message });
    return fatal('28000', `PAM authentication failed for user "${startup.user}"`);
  }

  /** Whether a password is the role's. */
  opens(role: Role | undefined, password: string): boolean {
    return role?.verifier !== undefined && isPassword(password, role.verifier);
  }

  /** The role of a user; undefined if there is none. */
  async roleOf(user: string): Promise<Role | undefined> {
    this.password ??= this.setPassword();
    await this.password;
    return this.engine?.role(user);
  }

  serve(guest: AuthenticatedClient): Promise<void> {
    return this.serveAs(guest, false);
  }

  private async serveAs({ startup, socket }: AuthenticatedClient, readOnly: boolean): Promise<void> {
    const backend = await this.connect(startup.parameters, { readOnly }).catch((error: unknown) => {
      if (!(error instanceof ConnectionRefused)) throw error;
      rejectClient(socket, error.error);
    });
    if (!backend) return;
    socket.on('data', (chunk: Buffer) => backend.send(chunk));
    socket.on('close', () => backend.close());
    backend.onMessage = ({ bytes }) => socket.write(bytes);
    backend.onEnd = () => socket.end();
    socket.write(Buffer.concat([...backend.parameters, message('K', backend.key), message('Z', Buffer.from('I'))]));
  }

  cancel(): void {
    // Ignored on direct connections: a client that gives up closes its connection.
  }

  /** @throws ConnectionRefused */
  connect(parameters: Readonly<Record<string, string>>, use?: BackendUse): Promise<Backend> {
    if (this.engine) return this.engine.connect(parameters, use);
    throw new ConnectionRefused(fatal('57P03', 'the database system is not available'));
  }

  private whyNoToken({ encrypted, user }: StartupRequest, token: string): string | undefined {
    const { context } = this.parts;
    if (!encrypted) return 'a token is taken over TLS only';
    if (!this.takesTokens) return `'${this.name}' does not take tokens: EnableIAMDatabaseAuthentication is off`;
    const { region } = this.deployed;
    const signers = this.hosts.map((host) =>
      signerOf(token, { host, port: this.port, user, region }, (key) => context.callerOf(key)),
    );
    const signer = signers.find((one) => typeof one !== 'string') ?? signers[0]!;
    if (typeof signer === 'string') return signer;
    return context.access.refusal(signer, [{ action: 'rds-db:connect', resource: this.userArn(user) }])?.message;
  }

  /** Sets the master user's password unless it uses IAM; secrets exist by now. */
  private async setPassword(): Promise<void> {
    const { MasterUsername, MasterUserPassword } = this.deployed.properties;
    const { secrets } = this.parts;
    const [name, password] = [await secrets.resolved(MasterUsername), await secrets.resolved(MasterUserPassword)];
    if (name !== undefined && password !== undefined) await this.engine?.query(passwordOf(name, password));
  }

  private get firstSignsInByIam(): boolean {
    return text(this.deployed.properties.MasterUserAuthenticationType) === 'iam-db-auth';
  }

  /** The instances of a cluster. */
  private get members(): readonly Deployed[] {
    if (this.deployed.type !== CLUSTER) return [];
    const instances = this.parts.context.deployment.ofType(INSTANCE);
    return instances.filter(({ properties }) => text(properties.DBClusterIdentifier) === this.deployed.ref);
  }

  /** All members but the first created, which is the writer. */
  private get readers(): readonly Deployed[] {
    const ids = new Set(this.members.map(({ resource }) => resource.id));
    const writer = this.members.find(({ resource }) => !resource.dependsOn.some((id) => ids.has(id)));
    return this.members.filter((one) => one !== writer);
  }

  private get writerHosts(): readonly string[] {
    const { members, readers, deployed, hasReader } = this;
    const writers = members.filter((one) => !readers.includes(one)).map((one) => one.attribute('Endpoint.Address'));
    // Without a reader it resolves to the writer, as on AWS.
    const forReading = hasReader ? [] : [deployed.attribute('ReadEndpoint.Address')];
    return [deployed.attribute('Endpoint.Address'), ...forReading, ...writers].filter((host) => host !== undefined);
  }

  private get readerHosts(): readonly string[] {
    const own = this.hasReader ? [this.deployed.attribute('ReadEndpoint.Address')] : [];
    const all = [...own, ...this.readers.map((one) => one.attribute('Endpoint.Address'))];
    return all.filter((host) => host !== undefined);
  }

  private get hosts(): readonly string[] {
    return [...this.writerHosts, ...this.readerHosts];
  }

  private reader(): Host {
    return {
      refuseStartup: (startup) => this.refuseStartup(startup),
      authenticate: (startup, password) => this.authenticate(startup, password),
      serve: (guest) => this.serveAs(guest, true),
      cancel: () => this.cancel(),
    };
  }

  private get major(): number {
    return Number.parseInt(text(this.deployed.properties.EngineVersion) ?? '', 10);
  }

  /** From version 15 on, RDS requires TLS by default. */
  private get forcesTls(): boolean {
    const { properties } = this.deployed;
    const { deployment } = this.parts.context;
    const group =
      deployment.withRef(text(properties.DBClusterParameterGroupName), 'AWS::RDS::DBClusterParameterGroup') ??
      deployment.withRef(text(properties.DBParameterGroupName), 'AWS::RDS::DBParameterGroup');
    const set = number(recordOf(group?.properties.Parameters)['rds.force_ssl']);
    return set === undefined ? this.major >= PAST_TLS : set === 1;
  }
}

/** An error that ends the connection. */
export function fatal(code: string, text: string): PostgresError {
  return { severity: 'FATAL', code, text };
}
