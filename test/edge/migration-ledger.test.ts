import fc from 'fast-check';
import { failuresOf } from '../../lib/core/check/check';
import {
  classesAfter,
  type DurableObjectMigration,
  ledgerChecks,
  type LiveWorker,
  pendingMigrations,
  type PendingMigrations,
} from '../../lib/edge/migration-ledger';

const LEDGER: readonly DurableObjectMigration[] = [
  { tag: 'v1', newSqliteClasses: ['Room'] },
  { tag: 'v2', renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] },
  { tag: 'v3', newSqliteClasses: ['Lobby'], deletedClasses: ['ChatRoom'] },
];

describe('the migrations that an upload must carry', () => {
  test('are all of them for a Worker that does not exist, without an old tag', () => {
    expect(pendingMigrations(LEDGER, undefined)).toEqual({
      newTag: 'v3',
      steps: [
        { newSqliteClasses: ['Room'] },
        { renamedClasses: [{ from: 'Room', to: 'ChatRoom' }] },
        { newSqliteClasses: ['Lobby'], deletedClasses: ['ChatRoom'] },
      ],
    });
  });

  test('are those after the live tag, which is the old tag', () => {
    expect(pendingMigrations(LEDGER, { tag: 'v2' })).toEqual({
      oldTag: 'v2',
      newTag: 'v3',
      steps: [{ newSqliteClasses: ['Lobby'], deletedClasses: ['ChatRoom'] }],
    });
  });

  test('are none when the last one is live', () => {
    expect(pendingMigrations(LEDGER, { tag: 'v3' })).toBeUndefined();
  });

  test('begin after the adopted tag for a Worker that was deployed without tags', () => {
    expect(pendingMigrations(LEDGER, {}, 'v1')).toMatchObject({
      newTag: 'v3',
      steps: [expect.anything(), expect.anything()],
    });
    expect(pendingMigrations(LEDGER, {}, 'v1')).not.toHaveProperty('oldTag');
  });

  test('only set the tag when everything is adopted', () => {
    expect(pendingMigrations(LEDGER, {}, 'v3')).toEqual({ newTag: 'v3', steps: [] });
  });

  test('are all of them for a new Worker, whatever it would adopt', () => {
    expect(pendingMigrations(LEDGER, undefined, 'v1')?.steps).toHaveLength(3);
  });

  test('refuses a live tag that the ledger does not name', () => {
    expect(() => pendingMigrations(LEDGER, { tag: 'v9' })).toThrow(
      "'migrations' must contain the live migration, 'v9', got 'v1', 'v2', 'v3'; " +
        'add the steps deployed by other means, in order',
    );
  });
});

describe('a ledger', () => {
  test('says which classes exist after it', () => {
    expect([...classesAfter(LEDGER)]).toEqual(['Lobby']);
    expect([...classesAfter(LEDGER.slice(0, 2))]).toEqual(['ChatRoom']);
  });

  test('passes when every step fits the one before', () => {
    expect(failuresOf(ledgerChecks(LEDGER, 'v2'))).toEqual([]);
  });

  test.each<[string, readonly DurableObjectMigration[], string]>([
    ['no step', [], "'migrations' must have at least one step, each with a unique tag, got []"],
    ['a tag twice', [LEDGER[0]!, { tag: 'v1', newSqliteClasses: ['B'] }], "got ['v1', 'v1']"],
    [
      'a rename of what does not exist',
      [{ tag: 'v1', renamedClasses: [{ from: 'A', to: 'B' }] }],
      "'migrations.v1' must rename or delete a class that exists before it, and only once, got 'A'; no class exists there",
    ],
    [
      'a class that is renamed and deleted in one step',
      [LEDGER[0]!, { tag: 'v2', renamedClasses: [{ from: 'Room', to: 'B' }], deletedClasses: ['Room'] }],
      'only once',
    ],
    [
      'a class that exists',
      [LEDGER[0]!, { tag: 'v2', newSqliteClasses: ['Room'] }],
      'must not create a class that already exists',
    ],
    ['an empty step', [LEDGER[0]!, { tag: 'v2' }], "'migrations.v2' must do something, got 0"],
  ])('refuses %s', (_what, ledger, message) => {
    expect(
      failuresOf(ledgerChecks(ledger))
        .map((failure) => failure.message)
        .join('\n'),
    ).toContain(message);
  });

  test('refuses to adopt a tag it does not name', () => {
    expect(failuresOf(ledgerChecks(LEDGER, 'v7')).map(({ message }) => message)).toEqual([
      "'adopt' must be a tag of 'migrations' ('v1', 'v2', 'v3'), got 'v7'; name the step whose classes the Worker already has",
    ]);
  });
});

/** Cloudflare, the provider and the engine's stash, in the parts that matter here. */
class World {
  live: LiveWorker | undefined;
  readonly applied: string[] = [];
  uploads = 0;
  private state: { readonly inputs: string; readonly migrations: PendingMigrations | undefined } | undefined;
  private stash: { readonly trigger: string; readonly kept: PendingMigrations | undefined } | undefined;

  /** One run of the program: what it would send, and whether the engine sees a change. */
  private plan(ledger: readonly DurableObjectMigration[], content: string) {
    const trigger = JSON.stringify([ledger, content]);
    const stash =
      this.stash?.trigger === trigger ? this.stash : { trigger, kept: pendingMigrations(ledger, this.live) };
    const changed =
      this.state?.inputs !== content || JSON.stringify(this.state.migrations) !== JSON.stringify(stash.kept);
    return { stash, changed };
  }

  previewIsClean(ledger: readonly DurableObjectMigration[], content: string): boolean {
    return !this.plan(ledger, content).changed;
  }

  deploy(ledger: readonly DurableObjectMigration[], content: string, fails: boolean): void {
    const { stash, changed } = this.plan(ledger, content);
    this.stash = stash; // the stash is replaced before the script is uploaded
    if (!changed || fails) return;
    this.upload(stash.kept);
    this.state = { inputs: content, migrations: stash.kept };
  }

  private upload(migrations: PendingMigrations | undefined): void {
    this.uploads++;
    if (migrations && migrations.oldTag !== this.live?.tag) throw new Error('Migration tag precondition failed');
    this.live = migrations ? { tag: migrations.newTag } : (this.live ?? {});
    this.applied.push(...(migrations?.steps ?? []).flatMap(({ newSqliteClasses = [] }) => newSqliteClasses));
  }
}

test('any sequence of deployments sends each migration once, in order, and the preview after each is clean', () => {
  const deployment = fc.record({ grow: fc.nat(2), content: fc.nat(2), fails: fc.boolean(), repeats: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(deployment, { minLength: 1, maxLength: 12 }), (deployments) => {
      const world = new World();
      let length = 1;
      for (const { grow, content, fails, repeats } of deployments) {
        length += grow;
        const ledger = Array.from({ length }, (_, n) => ({ tag: `v${n + 1}`, newSqliteClasses: [`C${n + 1}`] }));
        world.deploy(ledger, String(content), fails);
        for (let n = 0; n <= repeats; n++) world.deploy(ledger, String(content), false);
        expect(world.applied).toEqual(ledger.map(({ tag }) => tag.replace('v', 'C')));
        expect(world.live).toEqual({ tag: `v${length}` });
        expect(world.previewIsClean(ledger, String(content))).toBe(true);
      }
      expect(world.uploads).toBeLessThanOrEqual(deployments.length);
    }),
    { numRuns: 300 },
  );
});
