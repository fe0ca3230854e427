import type { Check } from '../core/check/check';

/** One step in the history of a Worker's Durable Object classes. Never change a deployed step, only add to it. */
export interface DurableObjectMigration {
  /** Its name, unique in the ledger; Cloudflare keeps the one it saw last. */
  readonly tag: string;
  /** Classes to create, with SQLite storage. */
  readonly newSqliteClasses?: readonly string[];
  /** Classes to rename, keeping their objects. */
  readonly renamedClasses?: readonly { readonly from: string; readonly to: string }[];
  /** Classes to delete, with all their objects and data. */
  readonly deletedClasses?: readonly string[];
  /** Classes to take over from another Worker, with their objects. */
  readonly transferredClasses?: readonly { readonly from: string; readonly fromScript: string; readonly to: string }[];
}

/** The Worker as Cloudflare has it; undefined if there is none. */
export interface LiveWorker {
  /** Tag of the last migration applied; absent if there was none. */
  readonly tag?: string;
}

/** Migrations of one upload, as the API expects them. */
export interface PendingMigrations {
  /** The tag that must be live, or the upload is refused; absent if there is none. */
  readonly oldTag?: string;
  /** The tag that is live afterwards. */
  readonly newTag: string;
  /** The steps in between, in order. */
  readonly steps: readonly Omit<DurableObjectMigration, 'tag'>[];
}

/**
 * The migrations that an upload must carry: those after the live tag.
 *
 * @param ledger all migrations, oldest first
 * @param adopt the tag whose classes a Worker without tags already has: one deployed without tags
 * @returns undefined when the Worker is up to date
 * @throws Error when the live tag is not in the ledger: its meaning is unknown, and guessing could lose data
 * @see https://developers.cloudflare.com/durable-objects/reference/durable-object-class-migrations-legacy/
 */
export function pendingMigrations(
  ledger: readonly DurableObjectMigration[],
  live: LiveWorker | undefined,
  adopt?: string,
): PendingMigrations | undefined {
  const last = ledger.at(-1);
  if (!last || live?.tag === last.tag) return undefined;
  const known = live?.tag ?? (live ? adopt : undefined);
  const done = ledger.findIndex(({ tag }) => tag === known);
  if (live?.tag !== undefined && done < 0) {
    throw new Error(
      `'migrations' must contain the live migration, '${live.tag}', got ${tags(ledger)}; ` +
        'add the steps deployed by other means, in order',
    );
  }
  const steps = ledger.slice(done + 1).map(({ tag: _tag, ...step }) => step);
  return { ...(live?.tag === undefined ? {} : { oldTag: live.tag }), newTag: last.tag, steps };
}

/** The classes that exist after all migrations of a ledger. */
export function classesAfter(ledger: readonly DurableObjectMigration[]): ReadonlySet<string> {
  const classes = new Set<string>();
  for (const step of ledger) {
    for (const name of step.newSqliteClasses ?? []) classes.add(name);
    for (const { to } of step.transferredClasses ?? []) classes.add(to);
    for (const { from, to } of step.renamedClasses ?? []) if (classes.delete(from)) classes.add(to);
    for (const name of step.deletedClasses ?? []) classes.delete(name);
  }
  return classes;
}

/** Checks of a ledger. */
export function ledgerChecks(ledger: readonly DurableObjectMigration[], adopt?: string): Check[] {
  const unique = new Set(ledger.map(({ tag }) => tag)).size === ledger.length;
  return [
    {
      prop: 'migrations',
      value: ledger.map(({ tag }) => tag),
      valid: () => ledger.length > 0 && unique && ledger.every(({ tag }) => tag !== ''),
      rule: 'must have at least one step, each with a unique tag',
      remedy: "write [{ tag: 'v1', newSqliteClasses: ['<class>'] }] and add a step for every later change",
    },
    ...ledger.flatMap((step, index) => stepChecks(step, classesAfter(ledger.slice(0, index)))),
    {
      prop: 'adopt',
      value: adopt,
      valid: () => adopt === undefined || ledger.some(({ tag }) => tag === adopt),
      rule: `must be a tag of 'migrations' (${tags(ledger)})`,
      remedy: 'name the step whose classes the Worker already has',
    },
  ];
}

function stepChecks(step: DurableObjectMigration, before: ReadonlySet<string>): Check[] {
  const { newSqliteClasses = [], renamedClasses = [], deletedClasses = [], transferredClasses = [] } = step;
  const prop = `migrations.${step.tag}`;
  const gone = [...renamedClasses.map(({ from }) => from), ...deletedClasses];
  const come = [...newSqliteClasses, ...renamedClasses.map(({ to }) => to), ...transferredClasses.map(({ to }) => to)];
  return [
    ...gone.map((name) => ({
      prop,
      value: name,
      valid: () => before.has(name) && gone.filter((other) => other === name).length === 1,
      rule: 'must rename or delete a class that exists before it, and only once',
      remedy: `${[...before].join(', ') || 'no class'} exists there`,
    })),
    ...come.map((name) => ({
      prop,
      value: name,
      valid: () => (!before.has(name) || gone.includes(name)) && come.filter((other) => other === name).length === 1,
      rule: 'must not create a class that already exists',
      remedy: 'leave it out, or choose another name',
    })),
    {
      prop,
      value: gone.length + come.length,
      valid: () => gone.length + come.length > 0,
      rule: 'must do something',
      remedy: 'name a class, or remove the step if it was never deployed',
    },
  ];
}

function tags(ledger: readonly DurableObjectMigration[]): string {
  return ledger.map(({ tag }) => `'${tag}'`).join(', ') || 'none';
}
