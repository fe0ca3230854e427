/** Migrations that came to no good end; the message says how far they came. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}
