import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';

/**
 * libSQL behind the part of its HTTP protocol that clients for the web speak (Hrana 2 in JSON): the engine is the real one, and what the
 * protocol has that is not here is refused.
 * @see https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md
 */
export async function startLibsql(token: string) {
  const directory = mkdtempSync(path.join(tmpdir(), 'lintel-libsql-'));
  const asked: string[] = [];
  const streams = new Map<string, Stream>();
  const open = (): Stream => ({ database: new Database(path.join(directory, 'data.db')), stored: new Map(), asked });

  const pipeline = ({ baton, requests }: Pipeline) => {
    const known = typeof baton === 'string' ? streams.get(baton) : undefined;
    if (baton && !known) return { status: 400, answer: { message: 'The stream has expired' } };
    if (baton) streams.delete(baton);
    const stream = known ?? open();
    const results = requests.map((request) => answered(stream, request));
    const isClosed = requests.some(({ type }) => type === 'close');
    const next = isClosed ? null : randomUUID();
    if (next === null) stream.database.close();
    else streams.set(next, stream);
    return { status: 200, answer: { baton: next, base_url: null, results } };
  };

  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const isOurs = request.method === 'POST' && request.url === '/v2/pipeline';
      const isLetIn = request.headers.authorization === `Bearer ${token}`;
      const { status, answer } = !isOurs
        ? { status: 404, answer: {} }
        : isLetIn
          ? pipeline(JSON.parse(body) as Pipeline)
          : { status: 401, answer: { error: 'Unauthorized' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Statements in the order in which they were run. */
    asked,
    stop: async () => {
      await new Promise((closed) => server.close(closed));
      for (const { database } of streams.values()) database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

type Value =
  | { readonly type: 'null' }
  | { readonly type: 'integer'; readonly value: string }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'blob'; readonly base64: string };

/** A connection, with the texts that its client has sent once and calls by a number. */
interface Stream {
  readonly database: Database.Database;
  readonly stored: Map<number, string>;
  readonly asked: string[];
}

interface Statement {
  readonly sql?: string;
  readonly sql_id?: number;
  readonly args?: readonly Value[];
  readonly named_args?: readonly { readonly name: string; readonly value: Value }[];
}

interface Condition {
  readonly type: string;
  readonly step?: number;
  readonly cond?: Condition;
}

interface Request {
  readonly type: string;
  readonly sql?: string;
  readonly sql_id?: number;
  readonly stmt?: Statement;
  readonly batch?: { readonly steps: readonly { readonly stmt: Statement; readonly condition?: Condition | null }[] };
}

interface Pipeline {
  readonly baton?: string | null;
  readonly requests: readonly Request[];
}

function answered(stream: Stream, { type, sql, sql_id, stmt, batch }: Request) {
  try {
    if (type === 'store_sql') stream.stored.set(sql_id!, sql!);
    if (type === 'close_sql') stream.stored.delete(sql_id!);
    if (['close', 'store_sql', 'close_sql'].includes(type)) return { type: 'ok', response: { type } };
    if (type === 'execute') return { type: 'ok', response: { type, result: executed(stream, stmt!) } };
    if (type === 'batch') return { type: 'ok', response: { type, result: batched(stream, batch!.steps) } };
    throw new Error(`'${type}' is not served here`);
  } catch (error) {
    return { type: 'error', error: fault(error) };
  }
}

function batched(stream: Stream, steps: NonNullable<Request['batch']>['steps']) {
  const results: (object | null)[] = [];
  const errors: (object | null)[] = [];
  const holds = ({ type, step, cond }: Condition): boolean => {
    if (type === 'ok') return results[step!] !== null;
    if (type === 'error') return errors[step!] !== null;
    if (type === 'not') return !holds(cond!);
    if (type === 'is_autocommit') return !stream.database.inTransaction;
    throw new Error(`the condition '${type}' is not served here`);
  };
  for (const { stmt, condition } of steps) {
    results.push(null);
    errors.push(null);
    if (condition && !holds(condition)) continue;
    try {
      results[results.length - 1] = executed(stream, stmt);
    } catch (error) {
      errors[errors.length - 1] = fault(error);
    }
  }
  return { step_results: results, step_errors: errors };
}

function executed({ database, stored, asked }: Stream, { sql_id, args = [], named_args = [], ...said }: Statement) {
  const sql = said.sql ?? stored.get(sql_id!) ?? '';
  asked.push(sql);
  const statement = database.prepare(sql);
  const named = Object.fromEntries(named_args.map(({ name, value }) => [name.replace(/^[:@$]/, ''), decoded(value)]));
  const values = named_args.length > 0 ? [named] : args.map(decoded);
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: String(lastInsertRowid) };
  }
  const cols = statement.columns().map(({ name, type }) => ({ name, decltype: type }));
  const rows = statement.raw(true).all(...values) as unknown[][];
  return { cols, rows: rows.map((row) => row.map(encoded)), affected_row_count: 0, last_insert_rowid: null };
}

function decoded(value: Value): unknown {
  if (value.type === 'null') return null;
  if (value.type === 'blob') return Buffer.from(value.base64, 'base64');
  return value.type === 'integer' ? BigInt(value.value) : value.value;
}

function encoded(value: unknown): Value {
  if (value === null || value === undefined) return { type: 'null' };
  if (typeof value === 'string') return { type: 'text', value };
  if (value instanceof Uint8Array) return { type: 'blob', base64: Buffer.from(value).toString('base64') };
  return Number.isInteger(value) || typeof value === 'bigint'
    ? { type: 'integer', value: String(value as number) }
    : { type: 'float', value: Number(value) };
}

function fault(error: unknown) {
  const { message, code } = error as Error & { readonly code?: string };
  return { message, code: code ?? null };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
