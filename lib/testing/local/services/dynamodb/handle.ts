/** A table of a local run, for tests. */
export interface LocalTable {
  /** Its physical name. */
  readonly name: string;
}
