import * as pulumi from '@pulumi/pulumi';
import type { Check } from '../../lib/core/check/check';
import { bundle, type Bundle } from '../../lib/edge/bundle';
import type { Capability } from '../../lib/edge/capability';
import { checkArgs, checkName, checkShape } from '../../lib/edge/check-args';
import { classesAfter, type DurableObjectMigration, ledgerChecks } from '../../lib/edge/migration-ledger';
import { isProtected, optionsHere } from '../../lib/edge/preview';
import { createWorker, type Worker, type WorkerArgs } from '../../lib/edge/worker';
import { workerChecks } from '../../lib/edge/worker-checks';
import { WORKER, WORKER_NAMES } from '../../lib/edge/worker-shape';
import { anything, list, needed, object, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';

/** Arguments of an `EdgeRoom`. */
export interface EdgeRoomArgs extends WorkerArgs {
  /** The exported class, which extends `DurableObject`; without that base, only its `fetch` can be called. */
  readonly className: string;
  /**
   * The migration ledger of the class, oldest first. Never change a deployed step; a rename is one more step. Each step
   * is sent once, whatever is live.
   * @default [{ tag: 'v1', newSqliteClasses: [className] }]
   */
  readonly migrations?: readonly DurableObjectMigration[];
  /**
   * The tag whose classes a Worker, deployed earlier by other means and without tags, already has.
   * @default - none
   */
  readonly adopt?: string;
}

/**
 * State that many clients share, one object per room, game or document: a Durable Object class with SQLite storage. An object
 * handles one request at a time, and runs where its data is. The Worker that holds the class is
 * protected, because deleting it deletes its objects and all their data (`protect: false` in the resource options lifts that).
 *
 * Code decides where an object is, and may be, when it names it: `env.CHAT.jurisdiction('eu').idFromName(room)`, and
 * `env.CHAT.get(id, { locationHint: 'weur' })`. The same name in another jurisdiction is another object.
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
    checkName(new.target, name, opts);
    super('lintel:edge:EdgeRoom', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE, NAMES);
    const { className, adopt, migrations = [{ tag: 'v1', newSqliteClasses: [className] }] } = args;
    const code = bundle(name, args.handler, args);
    const accountId = checkArgs(name, args, [
      ...workerChecks(args, code, { className }),
      ...ledgerChecks(migrations, adopt),
      ...classChecks(args, code),
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
  { newClasses: "write 'newSqliteClasses': classes without SQLite can no longer be created" },
);

const SHAPE: Shape<EdgeRoomArgs> = {
  ...WORKER,
  className: needed(text('ChatRoom'), "name the class that the module exports: 'ChatRoom'"),
  migrations: list(MIGRATION, "[{ tag: 'v1', newSqliteClasses: ['ChatRoom'] }]"),
  adopt: text('v1'),
};

/** Names from the other stores, and their equivalents here. */
const NAMES = {
  ...WORKER_NAMES,
  jurisdiction: "set it in code, per object: 'env.CHAT.jurisdiction('eu').idFromName(...)'",
  location: "set it in code, per object: 'env.CHAT.get(id, { locationHint: 'weur' })'",
  deploy: 'leave it out: a ledger step applies to all objects at once, so no version can be rolled out gradually',
  locationHint: "set it in code, per object: 'env.CHAT.get(id, { locationHint: 'weur' })'",
};

const BASE = 'DurableObject';

/** Cloudflare takes a class without a base. What the code does not reveal is not guessed. */
function classChecks({ className }: EdgeRoomArgs, { bases }: Bundle): Check[] {
  const base = (Object.hasOwn(bases, className) ? bases[className] : undefined) ?? BASE;
  return [
    {
      prop: 'className',
      value: className,
      valid: () => base === BASE || base === 'nothing',
      rule: `must be a class that extends '${BASE}'${base === 'no class' ? '' : `, not '${base}'`}`,
      remedy: `write 'class ... extends ${BASE}', from 'cloudflare:workers'`,
    },
  ];
}

function noPreviewUrls({ previewUrls }: EdgeRoomArgs): Check {
  return {
    prop: 'previewUrls',
    value: previewUrls,
    valid: () => previewUrls !== true,
    rule: 'must not be requested by a Worker with Durable Objects, for which the platform offers none',
    remedy: 'leave it out; a stack per pull request includes the room too',
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
