import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationFailed } from './migration-failed';
import type { TimeLeft } from './session';

const PAUSE = 5000;

/** Takes a snapshot before migrations, and waits until it is available. An existing one of the same name counts as it. */
export async function takeSnapshot(name: string, left: TimeLeft): Promise<void> {
  const rds = await import('@aws-sdk/client-rds').catch(() => {
    throw new Error("'@aws-sdk/client-rds' is missing: Lambda's runtime includes it");
  });
  const [, kind, id = ''] = /:rds:[^:]*:\d*:(cluster|db):(.+)$/.exec(process.env.DB_CLUSTER_ARN ?? '') ?? [];
  const client = new rds.RDSClient({});
  const clustered = kind === 'cluster';
  const make = async () =>
    clustered
      ? void (await client.send(
          new rds.CreateDBClusterSnapshotCommand({ DBClusterIdentifier: id, DBClusterSnapshotIdentifier: name }),
        ))
      : void (await client.send(
          new rds.CreateDBSnapshotCommand({ DBInstanceIdentifier: id, DBSnapshotIdentifier: name }),
        ));
  const status = async () =>
    clustered
      ? (await client.send(new rds.DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name })))
          .DBClusterSnapshots?.[0]?.Status
      : (await client.send(new rds.DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }))).DBSnapshots?.[0]
          ?.Status;
  await make().catch((error: unknown) => {
    if (!/AlreadyExists/.test((error as { readonly name?: string }).name ?? '')) throw error;
  });
  while ((await status()) !== 'available') {
    if (left() < 2 * PAUSE)
      throw new MigrationFailed(`the snapshot ${name} was not available in time; nothing was migrated`);
    await sleep(PAUSE);
  }
}
