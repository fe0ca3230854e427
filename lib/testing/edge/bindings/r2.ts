import type { BindingKind } from './binding-kind';

/** R2 buckets; see bucket-events.ts for their notifications. */
export const r2: BindingKind = {
  resources: ['R2Bucket', 'R2BucketEventNotification'],
  options: {
    r2_bucket: ({ name, bucketName, jurisdiction }) => ({
      r2Buckets: { [name]: localBucket(bucketName, jurisdiction) },
    }),
  },
  observed: (graph) => ({
    r2Buckets: Object.fromEntries(
      graph.ofKind('R2Bucket').map(({ path, inputs }) => [path, localBucket(inputs.name, inputs.jurisdiction)]),
    ),
  }),
};

/** A bucket as the engine knows it: its jurisdiction belongs to its name. */
export function localBucket(bucketName: unknown, jurisdiction: unknown = 'default'): string {
  return jurisdiction === 'default' ? String(bucketName) : `${String(bucketName)} in ${String(jurisdiction)}`;
}
