import type { Check } from '../core/check/check';

/** One step in the life of a Worker's Durable Object classes. Once it is deployed it is never changed, only followed. */
export interface DurableObjectMigration {
  /** Its name, unique in the ledger; Cloudflare keeps the one it saw last. */
  readonly tag: string;
  /** Classes that come to be, with SQLite storage. */
  readonly newSqliteClasses?: readonly string[];
  /** Classes that get another name and keep their objects. */
  readonly renamedClasses?: readonly { readonly from: string; readonly to: string }[];
  /** Classes that go, with all their objects and data. */
  readonly deletedClasses?: readonly string[];
  /** Classes that come from another Worker, with their objects. */
  readonly transferredClasses?: readonly { readonly from: string; readonly fromScript: string; readonly to: string }[];
}

/** What Cloudflare knows of a Worker; undefined while there is none. */
export interface LiveWorker {
  /** The tag of the migration that was applied last; absent when none was. */
  readonly tag?: string;
}

/** The migrations of one upload, as the API takes them. */
export interface PendingMigrations {
  /** The tag that must be the live one, or the upload is refused; absent when there is none. */
  readonly oldTag?: string;
  /** The tag that is the live one afterwards. */
  readonly newTag: string;
  /** The steps in between, in order. */
  readonly steps: readonly Omit<DurableObjectMigration, 'tag'>[];
}

/**
 * The migrations that an upload must carry: those after the live tag.
 *
 * @param ledger all migrations, oldest first
 * @param adopt the tag up to which a Worker without any tag has the classes already: one that was deployed without tags
 * @returns undefined when the Worker is up to date
 * @throws Error when the live tag is not in the ledger: what it stands for is unknown, and guessing could lose data
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
      `'migrations' must name the migration that is live, '${live.tag}', got ${tags(ledger)}; ` +
        'add the steps that were deployed from elsewhere, in their order',
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

/** The rows of the validation table for a ledger. */
export function ledgerChecks(ledger: readonly DurableObjectMigration[], adopt?: string): Check[] {
  const unique = new Set(ledger.map(({ tag }) => tag)).size === ledger.length;
  return [
    {
      prop: 'migrations',
      value: ledger.map(({ tag }) => tag),
      valid: () => ledger.length > 0 && unique && ledger.every(({ tag }) => tag !== ''),
      rule: 'must have at least one step, each with a tag of its own',
      remedy: "write [{ tag: 'v1', newSqliteClasses: ['<class>'] }] and add a step for every later change",
    },
    ...ledger.flatMap((step, index) => stepChecks(step, classesAfter(ledger.slice(0, index)))),
    {
      prop: 'adopt',
      value: adopt,
      valid: () => adopt === undefined || ledger.some(({ tag }) => tag === adopt),
      rule: `must be a tag of 'migrations' (${tags(ledger)})`,
      remedy: 'name the step whose classes the Worker has already',
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
      rule: 'must not create a class that exists already',
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
