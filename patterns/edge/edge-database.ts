import { setImmediate } from 'node:timers/promises';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Capability } from '../../lib/edge/capability';
import { type AccountArgs, checkArgs, checkName, checkShape, refuse } from '../../lib/edge/check-args';
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
   * Directory of SQL migrations (`0001_orders.sql`, `0002_index.sql`), relative to the working directory. A deployment
   * applies new ones before it updates a Worker that uses the database; so does the local run.
   * @default - none
   */
  readonly migrations?: string;
  /**
   * Directory of SQL files with seed rows for previews (`0001_customers.sql`), applied after the migrations, and only in
   * previews. A preview's database is recreated when its migrations or seeds change.
   * @default - a preview starts without rows
   */
  readonly seeds?: string;
  /**
   * Whether to record a bookmark before new migrations, as `migrations.bookmark`: a failed deployment reports it, and the
   * database can be restored to it within 30 days, losing everything written since.
   * @default false
   * @see https://developers.cloudflare.com/d1/reference/time-travel/
   */
  readonly restorePoint?: boolean;
  /**
   * Read replicas, worldwide. Only sessions use them; all other queries go to the primary.
   * @default - enabled once an access asks for `consistency: 'session'`
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  readonly readReplicas?: boolean;
  /**
   * The database's name, unique in the account.
   * @default - from project, stack and the component's name
   */
  readonly databaseName?: pulumi.Input<string>;
}

/** How a Worker uses a database. */
export interface DatabaseUse {
  /**
   * What its reads see. `'primary'`: everything, from the one primary location. `'session'`: replicas near the client answer too, and
   * may lag; with `databaseSession()` of `lintel/runtime/edge` a client still sees its own writes, and never an older state than
   * it has seen.
   * @default 'primary'
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  readonly consistency?: 'primary' | 'session';
}

/**
 * A SQL database: D1, protected against deletion and replacement (`protect: false` in the resource options lifts that),
 * restorable to any minute of the last 30 days.
 *
 * Migrations are recorded in the table `d1_migrations`, as `wrangler` does. Each is sent with its record as one batch; one with
 * triggers is imported as a file. The record ends with ` (begun)` until the last statement has run: after a failure the
 * database is inspected, half-applied migrations are named, and nothing is applied on top of them. The preview refuses a changed
 * migration that was already applied, comparing with what the last successful deployment sent: of a migration applied
 * by a deployment that failed later, the database keeps only the name, and a changed text goes unnoticed.
 *
 * @example
 * const db = new EdgeDatabase('db', { migrations: 'migrations' });
 * new EdgeApi('api', { handler: 'workers/api.ts', access: { DB: db.readWrite() } });
 * @see https://developers.cloudflare.com/d1/
 */
export class EdgeDatabase extends pulumi.ComponentResource {
  /** The database. */
  readonly database: cloudflare.D1Database;
  /** Applies the migrations, if there are any. */
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
    checkName(new.target, name, opts);
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
    claimOwnName(name, 'database', 'databaseName', { value, ignoreChanges, accountId });
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

    // Through the migrations and seeds, so that users of the database wait for them.
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
   * @throws InputPropertiesError when sessions are requested without replicas to read
   */
  read(use: DatabaseUse = {}): Capability {
    return this.capability('D1 Read', use);
  }

  /**
   * Reading and writing rows, and changing the schema: D1 does not separate them.
   * @throws InputPropertiesError when sessions are requested without replicas to read
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
        rule: "must be 'primary' when 'readReplicas' is false: there are no replicas to read",
        remedy: "leave 'readReplicas' out",
      },
      {
        prop: 'consistency',
        value: 'session',
        valid: () => readReplicas !== undefined || !settled,
        rule: 'must be requested before the program awaits anything',
        remedy: "set 'readReplicas: true' on the database",
      },
    ];
  }

  /** Waits until the program has been evaluated, and so until it is known whether anything reads replicas. */
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

/** Names from the provider, and their equivalents here. */
const NAMES = {
  name: "write 'databaseName'",
  readReplication: "ask for sessions: 'db.readWrite({ consistency: 'session' })'",
  primaryLocationHint: "write 'location'",
  locationHint: "write 'location'",
};
