import { type Backend, ConnectionRefused } from './backend';
import { errorIn, type PostgresError, query } from './messages';

/** A row, each value as PostgreSQL writes it. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * Runs statements on a connection that nobody else uses at the moment.
 * @returns the rows of the last one
 * @throws ConnectionRefused when one fails
 */
export function ask(backend: Backend, sql: string): Promise<readonly Row[]> {
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

/** A text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL quotes it. */
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
