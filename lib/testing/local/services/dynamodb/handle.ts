/** A table of a local run, for tests. */
export interface LocalTable {
  readonly name: string;
}
