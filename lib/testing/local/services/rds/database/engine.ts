import { type Postgres, startPostgres } from '../../../../engines/postgres';
import { literal, runQuery, type Row } from '../wire/query';
import { Backend, type BackendUse, ConnectionRefused } from '../wire/backend';
import { bootstrapOf, type FirstUser } from './bootstrap';

/** Cap on real connections; a larger `max_connections` is enforced by counting only. */
const REAL = 500;
/** Connections reserved for superusers by PostgreSQL and for internal use by RDS. */
const RESERVED = 5;

/** How a role authenticates. */
export interface Role {
  readonly name: string;
  readonly canLogin: boolean;
  /** Whether it may authenticate with an IAM token only. */
  readonly iam: boolean;
  /** The verifier of its password, if any. */
  readonly verifier?: string;
}

/** Settings of an engine. */
export interface EngineSettings {
  /** The directory of its package. */
  readonly package: string;
  readonly databases: readonly string[];
  /** `max_connections`. */
  readonly limit: number;
}

/** The PostgreSQL behind a cluster or an instance. */
export class Engine {
  /** Starts it, with no roles but those of RDS itself. */
  static async start(settings: EngineSettings): Promise<Engine> {
    const real = Math.min(settings.limit, REAL) + RESERVED;
    const { databases } = settings;
    const postgres = await startPostgres({
      databases,
      package: settings.package,
      superuser: 'rdsadmin',
      settings: { max_connections: String(real), max_wal_senders: '0', wal_level: 'minimal' },
    });
    return new Engine(postgres, settings);
  }

  private open = 0;
  private admin: Backend | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly postgres: Postgres,
    private readonly settings: EngineSettings,
  ) {}

  /** Creates what RDS creates in a new database, and its master user. */
  async handOver(first: FirstUser): Promise<void> {
    await this.query(bootstrapOf(first, this.settings.databases));
  }

  /** The server's parameter status messages, sent to every client. */
  get parameters(): readonly Buffer[] {
    return (
      this.admin?.parameters.filter(
        (one) => !/session_authorization|is_superuser|application_name/.test(one.toString('latin1')),
      ) ?? []
    );
  }

  /** Open connections. */
  get connections(): number {
    return this.open;
  }

  /** A superuser connection string for one of its databases, for tests. */
  connectionString(database: string): string {
    return this.postgres.connectionString(database);
  }

  /**
   * Runs statements as the superuser.
   * @throws ConnectionRefused when one fails
   */
  query(sql: string): Promise<readonly Row[]> {
    const answer = this.turn.then(async () => {
      this.admin ??= await Backend.open(this.postgres.socket, { user: 'rdsadmin', database: 'postgres' });
      return runQuery(this.admin, sql);
    });
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  /** The role of a user; undefined if there is none. */
  async role(name: string): Promise<Role | undefined> {
    const [row] = await this.query(
      `SELECT a.rolcanlogin, a.rolpassword, EXISTS (
         SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = 'rds_iam' AND m.member = a.oid
       ) AS iam FROM pg_authid a WHERE a.rolname = ${literal(name)}`,
    );
    if (!row) return undefined;
    const { rolpassword: verifier } = row;
    return { name, canLogin: row.rolcanlogin === 't', iam: row.iam === 't', ...(verifier && { verifier }) };
  }

  /**
   * A connection for an authenticated user.
   * @param parameters of the startup message: `user`, `database` and others
   * @param use how it is used
   * @throws ConnectionRefused when there are too many connections, or PostgreSQL refuses
   */
  async connect(parameters: Readonly<Record<string, string>>, use?: BackendUse): Promise<Backend> {
    if (this.open >= this.settings.limit - RESERVED) {
      const text = 'remaining connection slots are reserved for roles with the SUPERUSER attribute';
      throw new ConnectionRefused({ severity: 'FATAL', code: '53300', text });
    }
    this.open++;
    try {
      const backend = await Backend.open(this.postgres.socket, parameters, use);
      backend.whenClosed(() => this.open--);
      return backend;
    } catch (error) {
      this.open--;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.admin?.close();
    await this.postgres.stop();
  }
}
