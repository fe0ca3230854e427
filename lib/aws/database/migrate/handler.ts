import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type Answer } from './answer';
import { connect } from './connect';
import { dryRun, migrate, type MigrationOutcome, type MigrationWork } from './migrate';
import { MigrationFailed } from './migration-failed';
import { type MigrationEvent, migrationsOf, usersOf } from './request';
import { takeSnapshot } from './snapshot';

/** How long before its timeout the function reports failure to CloudFormation, in milliseconds. */
const RESERVE = 10_000;

interface Context {
  getRemainingTimeInMillis(): number;
}

/**
 * Creates users and applies migrations when CloudFormation asks, and always responds. Nothing is undone when the resource is
 * deleted or the stack rolls back. Without a `RequestType`, it only reports what would be done.
 */
export async function handler(event: MigrationEvent, context: Context): Promise<MigrationOutcome | undefined> {
  const left = () => context.getRemainingTimeInMillis() - RESERVE;
  if (event.RequestType === undefined) return run(event, left, dryRun);
  if (event.RequestType === 'Delete') {
    await answer(event, { Status: 'SUCCESS' });
    return undefined;
  }
  const late = new AbortController();
  const result = await Promise.race([
    run(event, left, migrate).then(succeeded, failed),
    sleep(Math.max(0, left()), undefined, { signal: late.signal }).then(
      () => failed(new MigrationFailed("it ran out of time; see the ledger for what was applied, and raise 'timeout'")),
      () => failed(undefined),
    ),
  ]);
  late.abort();
  if (result.Reason !== undefined) process.stdout.write(`${result.Reason}\n`);
  await answer(event, result);
  return undefined;
}

async function run(
  { ResourceProperties: properties }: MigrationEvent,
  left: () => number,
  act: (session: Awaited<ReturnType<typeof connect>>, work: MigrationWork) => Promise<MigrationOutcome>,
): Promise<MigrationOutcome> {
  const { Engine: engine, SnapshotIdentifier: snapshot } = properties;
  const session = await connect(engine, left);
  try {
    return await act(session, {
      engine,
      own: properties.Own === 'yes',
      files: migrationsOf(properties),
      users: usersOf(properties),
      left,
      ...(snapshot !== undefined && { snapshot: () => takeSnapshot(snapshot, left) }),
    });
  } finally {
    await session.close().catch(() => undefined);
  }
}

function succeeded({ before, applied }: MigrationOutcome): Answer {
  process.stdout.write(`${applied.length === 0 ? 'no migration was pending' : `applied ${applied.join(', ')}`}\n`);
  return { Status: 'SUCCESS', Data: { Applied: String(before + applied.length) } };
}

function failed(error: unknown): Answer {
  const { name, message } = error as { readonly name?: string; readonly message?: string };
  const known = error instanceof MigrationFailed;
  return { Status: 'FAILED', Reason: known ? error.message : `the migrations did not start: ${name}: ${message}` };
}
