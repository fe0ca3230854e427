import type { BindingKind } from './binding-kind';

/** R2 buckets; see bucket-events.ts for what they tell. */
export const r2: BindingKind = {
  resources: ['R2Bucket', 'R2BucketEventNotification'],
  options: { r2_bucket: ({ name, bucketName }) => ({ r2Buckets: { [name]: bucketName! } }) },
  observed: (graph) => ({
    r2Buckets: Object.fromEntries(graph.ofKind('R2Bucket').map(({ path, inputs }) => [path, String(inputs.name)])),
  }),
};
