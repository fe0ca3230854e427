/** What the keeper knows of its saga. */
export interface KnownSaga {
  /** Steps with a compensation, in the order in which they are undone. */
  readonly undo: readonly string[];
  readonly others: readonly string[];
  /** Steps that are done for each item of a list. */
  readonly each: readonly string[];
  /** Whether a step that refused is undone, too. */
  readonly undoFailed?: boolean;
  /** Seconds after which nothing that was called still runs. */
  readonly settle: number;
}
