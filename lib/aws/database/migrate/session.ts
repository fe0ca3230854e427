/** A row, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** A way to the database, for one statement after the other. */
export interface Session {
  /** As whom. */
  readonly user: string;
  /** The name of the database. */
  readonly database: string;
  /** Whether every statement is on the same connection, so that what one sets or locks holds for the next. */
  readonly keepsState: boolean;
  /** Whether a text may hold several statements. */
  readonly takesSeveral: boolean;
  /** Runs one statement; for PostgreSQL by its own protocol, also several in a text. */
  run(sql: string): Promise<readonly Row[]>;
  /** Begins, ends and takes back a transaction. The Data API has no statements for that. */
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

/** How much time is left, in milliseconds: CloudFormation must be answered before the function ends. */
export type TimeLeft = () => number;

/** A text as a literal of SQL, for both engines. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
