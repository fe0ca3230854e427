import { type Backend, ConnectionRefused } from './backend';
import { errorIn, type PostgresError, query } from './messages';

/** A row, with values in PostgreSQL's text format. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * Runs statements on a connection not otherwise in use.
 * @returns the rows of the last statement
 * @throws ConnectionRefused when one fails
 */
export function runQuery(backend: Backend, sql: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    let names: readonly string[] = [];
    let rows: Row[] = [];
    let failure: PostgresError | undefined;
    backend.onMessage = ({ type, body }) => {
      if (type === 'T') {
        names = columnsIn(body);
        rows = [];
      }
      if (type === 'D') rows.push(rowIn(body, names));
      if (type === 'E') failure = errorIn(body);
      if (type !== 'Z') return;
      backend.onMessage = () => undefined;
      if (failure) reject(new ConnectionRefused(failure));
      else resolve(rows);
    };
    backend.send(query(sql));
  });
}

/** Quotes a string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Quotes an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function columnsIn(body: Buffer): readonly string[] {
  const names: string[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    names.push(body.toString('utf8', at, end));
    at = end + 19;
  }
  return names;
}

function rowIn(body: Buffer, names: readonly string[]): Row {
  let at = 2;
  return Object.fromEntries(
    names.map((name) => {
      const length = body.readInt32BE(at);
      at += 4;
      if (length < 0) return [name, null];
      at += length;
      return [name, body.toString('utf8', at - length, at)];
    }),
  );
}
