import { setTimeout as sleep } from 'node:timers/promises';
import { connectionSettings } from '../../../runtime/database/connection-settings';
import { tokensFor } from '../../../runtime/database/token';
import { trustOf } from '../../../runtime/database/trust';
import { dataApiSession } from './data-api';
import { secretOf } from './secret';
import type { Session, TimeLeft } from './session';

/** Errors of a new database whose name does not resolve yet, or that does not accept connections yet. */
const NOT_YET = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', '57P03'];
const PAUSES = [1000, 2000, 4000, 8000];
const CONNECT_TIMEOUT = 10_000;

/** Connects directly to the writer, as the function's variables say: by IAM, by a secret, or by the Data API. */
export async function connect(engine: 'postgres' | 'mysql', left: TimeLeft): Promise<Session> {
  const { DB_DATA_API, DB_CLUSTER_ARN, DB_SECRET_ARN, DB_NAME } = process.env;
  if (DB_DATA_API === '1') {
    const secret = await secretOf(DB_SECRET_ARN!);
    return dataApiSession({
      cluster: DB_CLUSTER_ARN!,
      secretArn: DB_SECRET_ARN!,
      database: DB_NAME!,
      user: secret.username,
    });
  }
  const open = engine === 'postgres' ? postgresSession : mysqlSession;
  for (const pause of PAUSES) {
    try {
      return await open(DB_SECRET_ARN);
    } catch (error) {
      if (!NOT_YET.includes((error as { readonly code?: string }).code ?? '') || left() < 2 * pause) throw error;
      await sleep(pause);
    }
  }
  return open(DB_SECRET_ARN);
}

async function postgresSession(secretArn: string | undefined): Promise<Session> {
  const settings = connectionSettings('DB');
  const secret = secretArn === undefined ? undefined : await secretOf(secretArn);
  const { Client } = await import('pg');
  const { rejectUnauthorized, ca } = trustOf(settings);
  const user = secret?.username ?? settings.user;
  const client = new Client({
    host: settings.host,
    port: settings.port,
    database: settings.name,
    user,
    password: secret?.password ?? tokensFor(settings),
    ssl: { rejectUnauthorized, ...(ca && { ca: [...ca] }) },
    application_name: 'lintel-migrations',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
  });
  // The running statement fails with it as well.
  client.on('error', () => undefined);
  await client.connect();
  const run = async (sql: string) => {
    const result = (await client.query(sql)) as unknown;
    const last = (Array.isArray(result) ? result.at(-1) : result) as
      | { readonly rows?: Record<string, unknown>[] }
      | undefined;
    return last?.rows ?? [];
  };
  return {
    user,
    database: settings.name,
    keepsState: true,
    takesSeveral: true,
    run,
    begin: async () => void (await run('BEGIN')),
    commit: async () => void (await run('COMMIT')),
    rollback: async () => void (await run('ROLLBACK')),
    close: () => client.end(),
  };
}

async function mysqlSession(secretArn: string | undefined): Promise<Session> {
  const settings = connectionSettings('DB');
  const secret = secretArn === undefined ? undefined : await secretOf(secretArn);
  const { createConnection } = await import('mysql2/promise');
  const { rejectUnauthorized, ca } = trustOf(settings);
  const user = secret?.username ?? settings.user;
  const newToken = secret ? undefined : tokensFor(settings);
  const connection = await createConnection({
    host: settings.host,
    port: settings.port,
    database: settings.name,
    user,
    ssl: { rejectUnauthorized, verifyIdentity: true, ...(ca && { ca: [...ca] }) },
    connectTimeout: CONNECT_TIMEOUT,
    ...(secret && { password: secret.password }),
    ...(newToken && {
      authPlugins: { mysql_clear_password: () => async () => Buffer.from(`${await newToken()}\0`) },
    }),
  } as Parameters<typeof createConnection>[0]);
  const run = async (sql: string) => {
    const [rows] = await connection.query(sql);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  };
  return {
    user,
    database: settings.name,
    keepsState: true,
    takesSeveral: false,
    run,
    begin: () => connection.beginTransaction(),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    close: () => connection.end(),
  };
}
