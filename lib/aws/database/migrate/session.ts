/** A row, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection to the database, for one statement after another. */
export interface Session {
  /** The user. */
  readonly user: string;
  /** The name of the database. */
  readonly database: string;
  /** Whether all statements share a connection, so that settings and locks persist between them. */
  readonly keepsState: boolean;
  /** Whether one text may contain several statements. */
  readonly takesSeveral: boolean;
  /** Runs one statement; for PostgreSQL's wire protocol, also several in one text. */
  run(sql: string): Promise<readonly Row[]>;
  /** Begins, commits and rolls back a transaction. The Data API has no statements for that. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds left: CloudFormation must get its response before the function times out. */
export type TimeLeft = () => number;

/** A string as an SQL literal, for both engines. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
