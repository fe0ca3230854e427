import { ledgerOf, type MigrationOf, migrationResources, migrationsOf } from '../../access/database-users';
import { displayName } from '../../core/model/display';
import type { Model, Resource } from '../../core/model/model';
import { pairsOf } from './pairs';

/** The fate of a migration. */
export type MigrationEffect =
  /** It is applied, unless that was done by hand. */
  | 'new'
  /** Its file was edited: the deployment fails if it was applied. */
  | 'changed'
  /** It stays applied: migrations are not undone. */
  | 'gone'
  /** It comes before an existing one: the deployment fails. */
  | 'late';

/** What a deployment does with a migration of a database. */
export interface MigrationChange {
  readonly stack: string;
  /** The construct that applies it. */
  readonly resource: string;
  readonly file: string;
  readonly effect: MigrationEffect;
  /** Whether it makes the deployment fail. */
  readonly fails: boolean;
}

/**
 * What a deployment does with database migrations, as far as two templates show: only the ledger knows what was
 * applied.
 */
export function migrationChanges(before: Model, after: Model): readonly MigrationChange[] {
  const [old, now] = [migrationResources(before), migrationResources(after)];
  return pairsOf(before, after).flatMap(({ stack, before: base, after: head }) => {
    const of = (all: readonly Resource[], template: string | undefined) =>
      all.filter((resource) => resource.template === template);
    const earlier = of(old, base?.template.name);
    return of(now, head?.template.name).flatMap((resource) => {
      const ledger = ledgerOf(after, resource);
      // Under another logical id it finds what its predecessor applied.
      const same =
        earlier.find(({ logicalId }) => logicalId === resource.logicalId) ??
        earlier.find((one) => ledger !== undefined && ledgerOf(before, one) === ledger);
      return changesOf(same, resource).map((change) => ({ stack, resource: displayName(resource), ...change }));
    });
  });
}

function changesOf(
  before: Resource | undefined,
  after: Resource,
): readonly Pick<MigrationChange, 'file' | 'effect' | 'fails'>[] {
  const old = new Map((before ? migrationsOf(before) : []).map((file) => [file.name, file]));
  const files = migrationsOf(after);
  const last = Math.max(0, ...[...old.keys()].map(numberOf));
  const names = new Set(files.map(({ name }) => name));
  return [
    ...files.flatMap((file) => {
      const effect = effectOn(file, old.get(file.name), last);
      return effect ? [{ file: file.name, effect, fails: effect !== 'new' }] : [];
    }),
    ...[...old.keys()]
      .filter((name) => !names.has(name))
      .map((file) => ({ file, effect: 'gone', fails: false }) as const),
  ];
}

function effectOn(
  { name, sha256 }: MigrationOf,
  before: MigrationOf | undefined,
  last: number,
): MigrationEffect | undefined {
  if (before) return before.sha256 === sha256 ? undefined : 'changed';
  return numberOf(name) < last ? 'late' : 'new';
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}
