import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkShape } from '../../lib/edge/check-args';
import { classesAfter, type DurableObjectMigration, ledgerChecks } from '../../lib/edge/migration-ledger';
import { isProtected, optionsHere } from '../../lib/edge/preview';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { anything, list, needed, object, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeRoom`. */
export interface EdgeRoomArgs extends WorkerArgs {
  /** The class that the handler exports, which extends `DurableObject`. */
  readonly className: string;
  /**
   * The ledger of the class: what was done to it, oldest first. Steps that were deployed are never changed; a rename is
   * one more step. Each is sent once, whatever is live.
   * @default [{ tag: 'v1', newSqliteClasses: [className] }]
   */
  readonly migrations?: readonly DurableObjectMigration[];
  /**
   * The tag up to which a Worker that was deployed from elsewhere, without tags, has the classes already.
   * @default - it has none
   */
  readonly adopt?: string;
}

/**
 * State that many clients share, one object per room, game or document: a Durable Object class with SQLite storage. Two
 * requests to one object never run at the same time, and its data is where it runs. The Worker that holds the class is
 * protected, because its objects and all their data go with it (`protect: false` in the resource options lets it go).
 *
 * Where an object is, and may be, is decided in code, when it is named: `env.CHAT.jurisdiction('eu').idFromName(room)`, and
 * `env.CHAT.get(id, { locationHint: 'weur' })`. A name stands for another object in another jurisdiction.
 *
 * @example
 * const chat = new EdgeRoom('chat', { handler: 'workers/chat.ts', className: 'ChatRoom' });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { CHAT: chat.connect() } });
 * @see https://developers.cloudflare.com/durable-objects/
 */
export class EdgeRoom extends pulumi.ComponentResource {
  /** The Worker that holds the class. */
  readonly worker: Worker;
  private readonly className: string;

  /** @throws InputPropertiesError when the handler does not export the class or the ledger does not lead to it */
  constructor(name: string, args: EdgeRoomArgs, opts?: pulumi.ComponentResourceOptions) {
    super('lintel:edge:EdgeRoom', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE, NAMES);
    const { className, adopt, migrations = [{ tag: 'v1', newSqliteClasses: [className] }] } = args;
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code, { className }),
      ...ledgerChecks(migrations, adopt),
      ...checks(className, migrations, code.exports),
      noPreviewUrls(args),
    ]);

    this.className = className;
    this.worker = createWorker(this, name, { ...args, accountId }, code, {
      ledger: { ledger: migrations, adopt },
      protect: isProtected(opts),
    });
    this.registerOutputs({ scriptName: this.worker.script.scriptName, className });
  }

  /** Calling objects of the class and opening WebSockets to them. */
  connect(): Capability {
    return {
      binding: {
        type: 'durable_object_namespace',
        className: this.className,
        scriptName: this.worker.script.scriptName,
      },
      permissions: [],
    };
  }
}

const CLASSES = list(text('ChatRoom'), "['ChatRoom']");

const MIGRATION = object<DurableObjectMigration>(
  {
    tag: needed(text('v1'), "name it: 'v1'"),
    newSqliteClasses: CLASSES,
    renamedClasses: list(anything, "[{ from: 'Room', to: 'ChatRoom' }]"),
    deletedClasses: CLASSES,
    transferredClasses: list(anything, "[{ from: 'Room', fromScript: 'old', to: 'ChatRoom' }]"),
  },
  "{ tag: 'v1', newSqliteClasses: ['ChatRoom'] }",
  { newClasses: "write 'newSqliteClasses': classes without SQLite are not made any more" },
);

const SHAPE: Shape<EdgeRoomArgs> = {
  ...WORKER,
  className: needed(text('ChatRoom'), "name the class that the module exports: 'ChatRoom'"),
  migrations: list(MIGRATION, "[{ tag: 'v1', newSqliteClasses: ['ChatRoom'] }]"),
  adopt: text('v1'),
};

/** Names of the other stores, and what says the same here. */
const NAMES = {
  ...WORKER_NAMES,
  jurisdiction: "say it in code, for each object: 'env.CHAT.jurisdiction('eu').idFromName(...)'",
  location: "say it in code, for each object: 'env.CHAT.get(id, { locationHint: 'weur' })'",
  deploy: 'leave it out: a step of the ledger holds for all objects at once, so that no version may come gradually',
  locationHint: "say it in code, for each object: 'env.CHAT.get(id, { locationHint: 'weur' })'",
};

function noPreviewUrls({ previewUrls }: EdgeRoomArgs): Check {
  return {
    prop: 'previewUrls',
    value: previewUrls,
    valid: () => previewUrls !== true,
    rule: 'must not be asked for by a Worker with Durable Objects, which the platform gives none',
    remedy: 'leave it out; a stack for each pull request shows the room too',
  };
}

function checks(className: string, ledger: readonly DurableObjectMigration[], exported: readonly string[]): Check[] {
  const live = [...classesAfter(ledger)];
  return [
    {
      prop: 'className',
      value: className,
      valid: () => live.includes(className),
      rule: `must be a class that exists after all 'migrations': ${live.join(', ') || 'none'}`,
      remedy: 'add the step that creates it or renames to it',
    },
    ...live
      .filter((name) => name !== className)
      .map((name) => ({
        prop: 'migrations',
        value: name,
        valid: () => exported.length === 0 || exported.includes(name),
        rule: 'must leave only classes that the handler exports',
        remedy: "export it, or add a step with 'deletedClasses', which deletes its data",
      })),
  ];
}
