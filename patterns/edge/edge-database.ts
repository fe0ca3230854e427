import { setImmediate } from 'node:timers/promises';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkShape, refuse } from '../../lib/edge/check-args';
import { claimOwnName } from '../../lib/edge/claims';
import { JURISDICTION, LOCATION, type PlaceArgs, placeChecks } from '../../lib/edge/places';
import { isPreview, isProtected, optionsHere } from '../../lib/edge/preview';
import { databaseName, seedFiles } from '../../lib/edge/preview-data';
import { migrationChecks, SqlMigrations } from '../../lib/edge/sql-migrations';
import { ACCOUNT } from '../../lib/edge/worker-shape';
import type { Check } from '../../lib/core/check/check';
import { flag, input, matching, oneOf, text } from '../../lib/core/check/kinds';
import type { Shape } from '../../lib/core/check/shape';
import { readSqlFiles } from '../../lib/core/sql-files';

/** Arguments of an `EdgeDatabase`. */
export interface EdgeDatabaseArgs extends AccountArgs, PlaceArgs {
  /**
   * Directory with SQL migrations (`0001_orders.sql`, `0002_index.sql`), relative to the working directory. A deployment
   * applies the new ones before a Worker that uses the database is updated; so does the local run.
   * @default - none
   */
  readonly migrations?: string;
  /**
   * Directory with SQL files of rows for previews (`0001_customers.sql`), which are applied after the migrations there, and nowhere
   * else. A preview's database is made anew when its migrations or seeds change.
   * @default - a preview begins without rows
   */
  readonly seeds?: string;
  /**
   * Whether the state before new migrations is noted, as `migrations.bookmark`: what a failed deployment names, and what the
   * database can be restored to within 30 days, with all that was written since.
   * @default false
   * @see https://developers.cloudflare.com/d1/reference/time-travel/
   */
  readonly restorePoint?: boolean;
  /**
   * Copies for reading, all over the world. Only sessions use them; all other queries go to the primary.
   * @default - they are there once an access asks for them by `consistency: 'session'`
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  readonly readReplicas?: boolean;
  /**
   * The database's name, unique in the account.
   * @default - project, stack and the component's name
   */
  readonly databaseName?: pulumi.Input<string>;
}

/** How a Worker uses a database. */
export interface DatabaseUse {
  /**
   * What its reads see. `'primary'`: everything, from the one place where the database is. `'session'`: copies near the client
   * answer as well, which lag behind; by `databaseSession()` of `lintel/runtime/edge` a client still sees what it wrote, and
   * never an older state than it saw.
   * @default 'primary'
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  readonly consistency?: 'primary' | 'session';
}

/**
 * A SQL database: D1, protected against deletion and replacement (`protect: false` in the resource options lets it go),
 * restorable to any minute of the last 30 days.
 *
 * Migrations are recorded in the table `d1_migrations`, as `wrangler` does. Each is sent with its record as one batch, one with
 * triggers as a file that is imported. The record ends with ` (begun)` until the last statement has run: after a failure the
 * database is looked at, what is half applied is named, and nothing is applied on top of it. One that was applied and has changed
 * since is refused by the preview, which compares with what the last deployment that succeeded sent: a migration that was applied
 * in a deployment that failed afterwards has only its name in the database, and changes of its text stay unseen.
 *
 * @example
 * const db = new EdgeDatabase('db', { migrations: 'migrations' });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: db.readWrite() } });
 * @see https://developers.cloudflare.com/d1/
 */
export class EdgeDatabase extends pulumi.ComponentResource {
  /** The database. */
  readonly database: cloudflare.D1Database;
  /** What applies the migrations, when there are any. */
  readonly migrations?: SqlMigrations;
  private readonly databaseId: pulumi.Output<string>;
  private readonly readReplicas?: boolean;
  private inSessions = false;
  private settled = false;

  /** @throws InputPropertiesError when the migrations are not in order */
  constructor(
    private readonly name: string,
    args: EdgeDatabaseArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('lintel:edge:EdgeDatabase', name, {}, optionsHere(opts));
    checkShape(name, args, SHAPE, NAMES);
    this.readReplicas = args.readReplicas;
    const migrations = args.migrations === undefined ? [] : readSqlFiles(args.migrations);
    const seeds = seedFiles(args.seeds);
    const accountId = checkArgs(name, args, [
      ...placeChecks(args),
      ...(args.migrations === undefined ? [] : migrationChecks(args.migrations, migrations)),
      ...(args.seeds === undefined ? [] : migrationChecks(args.seeds, readSqlFiles(args.seeds), 'seeds')),
    ]);

    const { value, ignoreChanges } = databaseName(args.databaseName, name, [...migrations, ...seeds]);
    claimOwnName(name, 'database', 'databaseName', { value, accountId });
    this.database = new cloudflare.D1Database(
      `${name}-database`,
      {
        accountId,
        name: value,
        primaryLocationHint: args.location,
        jurisdiction: args.jurisdiction,
        readReplication: {
          mode: args.readReplicas === undefined ? this.modeThatIsUsed() : modeFor(args.readReplicas),
        },
      },
      { parent: this, protect: isProtected(opts), ignoreChanges, replaceOnChanges: ['jurisdiction'] },
    );
    if (migrations.length > 0) {
      this.migrations = new SqlMigrations(
        `${name}-migrations`,
        { accountId, databaseId: this.database.id, migrations, restorePoint: args.restorePoint },
        { parent: this },
      );
    }

    // By way of the migrations and seeds, so that whoever uses the database waits for them.
    const migrated = this.migrations?.databaseId ?? this.database.id;
    const seeded =
      isPreview() && seeds.length > 0
        ? new SqlMigrations(`${name}-seeds`, { accountId, databaseId: migrated, migrations: seeds }, { parent: this })
        : undefined;
    this.databaseId = seeded?.databaseId ?? migrated;
    this.registerOutputs({ databaseId: this.databaseId });
  }

  /**
   * Reading rows. A Worker's binding cannot be restricted to it; a `ScopedToken` is.
   * @throws InputPropertiesError when sessions are asked for that have no copies to read
   */
  read(use: DatabaseUse = {}): Capability {
    return this.capability('D1 Read', use);
  }

  /**
   * Reading and writing rows, and changing the schema: D1 does not tell them apart.
   * @throws InputPropertiesError when sessions are asked for that have no copies to read
   */
  readWrite(use: DatabaseUse = {}): Capability {
    return this.capability('D1 Write', use);
  }

  private capability(group: string, use: DatabaseUse): Capability {
    checkShape(this.name, use, USE);
    if (use.consistency === 'session') {
      refuse(this.name, this.sessionChecks());
      this.inSessions = true;
    }
    return { binding: { type: 'd1', databaseId: this.databaseId }, permissions: [{ group }] };
  }

  private sessionChecks(): Check[] {
    const { readReplicas, settled } = this;
    return [
      {
        prop: 'consistency',
        value: 'session',
        valid: () => readReplicas !== false,
        rule: "must be 'primary' where 'readReplicas' is false: there are no copies to read",
        remedy: "leave 'readReplicas' out",
      },
      {
        prop: 'consistency',
        value: 'session',
        valid: () => readReplicas !== undefined || !settled,
        rule: 'must be asked for before the program waits for something',
        remedy: "set 'readReplicas: true' on the database",
      },
    ];
  }

  /** Waits until the program, which is still being read, has said whether somebody reads copies. */
  private async modeThatIsUsed(): Promise<string> {
    await setImmediate();
    this.settled = true;
    return modeFor(this.inSessions);
  }
}

function modeFor(readReplicas: boolean): string {
  return readReplicas ? 'auto' : 'disabled';
}

const USE: Shape<DatabaseUse> = { consistency: oneOf('primary', 'session') };

const SHAPE: Shape<EdgeDatabaseArgs> = {
  ...ACCOUNT,
  migrations: text('migrations'),
  seeds: text('seeds'),
  restorePoint: flag,
  location: LOCATION,
  jurisdiction: JURISDICTION,
  readReplicas: flag,
  databaseName: input(
    matching(
      /^[A-Za-z0-9][\w-]*$/,
      'must be letters, digits, dashes and underscores, the first a letter or a digit',
      'shop',
    ),
  ),
};

/** Names of the provider, and what says the same here. */
const NAMES = {
  name: "write 'databaseName'",
  readReplication: "ask for sessions: 'db.readWrite({ consistency: 'session' })'",
  primaryLocationHint: "write 'location'",
  locationHint: "write 'location'",
};
