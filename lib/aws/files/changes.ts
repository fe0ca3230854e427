import { CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';

/** What may happen to a file. */
export type FileChange = 'created' | 'deleted' | 'version-deleted';

/** Every kind of change. */
export const CHANGES = ['created', 'deleted', 'version-deleted'] as const satisfies readonly FileChange[];

/** S3's names for the two kinds of deletion. */
export type Deletion = 'Delete Marker Created' | 'Permanently Deleted';

/** Whether a bucket keeps replaced and deleted versions; undefined if this app cannot know. */
export function keepsVersions(bucket: IBucket): boolean | undefined {
  const definition = bucket.node.defaultChild;
  if (!CfnBucket.isCfnBucket(definition)) return undefined;
  const { versioningConfiguration: versioning } = definition;
  if (versioning === undefined) return false;
  return 'status' in versioning && versioning.status === 'Enabled' ? true : undefined;
}

/**
 * The deletions that changes refer to. In a versioned bucket a deleted file gets a marker, and what the lifecycle removes
 * permanently, weeks later, are old versions, whose key may have a new file: treating that as a deletion of the file would undo
 * what the new one has done.
 */
export function deletionsOf(changes: readonly FileChange[], versioned: boolean | undefined): Deletion[] {
  const markers = changes.includes('deleted') && versioned !== false;
  const forGood = changes.includes('version-deleted') || (changes.includes('deleted') && versioned !== true);
  return [
    ...(markers ? (['Delete Marker Created'] as const) : []),
    ...(forGood ? (['Permanently Deleted'] as const) : []),
  ];
}

/**
 * S3's own notification events for changes: by requests, and by the lifecycle.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */
export function notifiedOf(changes: readonly FileChange[], versioned: boolean | undefined): string[] {
  const kinds = { 'Delete Marker Created': 'DeleteMarkerCreated', 'Permanently Deleted': 'Delete' } as const;
  return [
    ...(changes.includes('created') ? ['s3:ObjectCreated:*'] : []),
    ...deletionsOf(changes, versioned).flatMap((deletion) =>
      ['ObjectRemoved', 'LifecycleExpiration'].map((what) => `s3:${what}:${kinds[deletion]}`),
    ),
  ];
}
