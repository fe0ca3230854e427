/** A failed migration; the message says how far it got. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}
