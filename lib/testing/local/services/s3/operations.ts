/**
 * Bucket operations by method and by the query parameter that names the subresource; without one, the
 * bucket or the object itself.
 */
export const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'ListObjects',
  'GET list-type': 'ListObjectsV2',
  'GET versions': 'ListObjectVersions',
  'GET uploads': 'ListMultipartUploads',
  'GET session': 'CreateSession',
  'GET policyStatus': 'GetBucketPolicyStatus',
  HEAD: 'HeadBucket',
  PUT: 'CreateBucket',
  DELETE: 'DeleteBucket',
  POST: 'PostObject',
  'POST delete': 'DeleteObjects',
  'POST metadataConfiguration': 'CreateBucketMetadataConfiguration',
  'POST metadataTable': 'CreateBucketMetadataTableConfiguration',
  'PUT metadataAnnotationTable': 'UpdateBucketMetadataAnnotationTableConfiguration',
  'PUT metadataInventoryTable': 'UpdateBucketMetadataInventoryTableConfiguration',
  'PUT metadataJournalTable': 'UpdateBucketMetadataJournalTableConfiguration',
  ...settings('abac', 'BucketAbac'),
  ...settings('accelerate', 'BucketAccelerateConfiguration'),
  ...settings('acl', 'BucketAcl'),
  ...settings('analytics', 'BucketAnalyticsConfiguration'),
  ...settings('cors', 'BucketCors'),
  ...settings('encryption', 'BucketEncryption'),
  ...settings('intelligent-tiering', 'BucketIntelligentTieringConfiguration'),
  ...settings('inventory', 'BucketInventoryConfiguration'),
  ...settings('lifecycle', 'BucketLifecycleConfiguration'),
  'DELETE lifecycle': 'DeleteBucketLifecycle',
  ...settings('location', 'BucketLocation'),
  ...settings('logging', 'BucketLogging'),
  ...settings('metadataConfiguration', 'BucketMetadataConfiguration'),
  ...settings('metadataTable', 'BucketMetadataTableConfiguration'),
  ...settings('metrics', 'BucketMetricsConfiguration'),
  ...settings('notification', 'BucketNotificationConfiguration'),
  ...settings('object-lock', 'ObjectLockConfiguration'),
  ...settings('ownershipControls', 'BucketOwnershipControls'),
  ...settings('policy', 'BucketPolicy'),
  ...settings('publicAccessBlock', 'PublicAccessBlock'),
  ...settings('replication', 'BucketReplication'),
  ...settings('requestPayment', 'BucketRequestPayment'),
  ...settings('tagging', 'BucketTagging'),
  ...settings('versioning', 'BucketVersioning'),
  ...settings('website', 'BucketWebsite'),
};

/** The same for object operations. */
export const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  'GET uploadId': 'ListParts',
  'GET attributes': 'GetObjectAttributes',
  'GET torrent': 'GetObjectTorrent',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  'PUT uploadId': 'UploadPart',
  'PUT renameObject': 'RenameObject',
  'PUT encryption': 'UpdateObjectEncryption',
  DELETE: 'DeleteObject',
  'DELETE uploadId': 'AbortMultipartUpload',
  'POST uploads': 'CreateMultipartUpload',
  'POST uploadId': 'CompleteMultipartUpload',
  'POST restore': 'RestoreObject',
  'POST select': 'SelectObjectContent',
  ...settings('acl', 'ObjectAcl'),
  ...settings('annotation', 'ObjectAnnotation'),
  ...settings('legal-hold', 'ObjectLegalHold'),
  ...settings('retention', 'ObjectRetention'),
  ...settings('tagging', 'ObjectTagging'),
};

/** Subresources with several instances: a request without an id lists them. */
const LISTED = ['analytics', 'intelligent-tiering', 'inventory', 'metrics', 'annotation'];

/** The name of an operation; undefined if the method has none. */
export function operationName(
  operations: Readonly<Record<string, string>>,
  method: string,
  query: URLSearchParams,
): string | undefined {
  const about = [...query.keys()].find((name) => operations[`${method} ${name}`] !== undefined);
  const name = operations[about === undefined ? method : `${method} ${about}`];
  const lists =
    method === 'GET' &&
    about !== undefined &&
    LISTED.includes(about) &&
    !query.has('id') &&
    !query.has('annotationName');
  return lists ? name?.replace(/^Get(.*)$/, 'List$1s') : name;
}

function settings(parameter: string, what: string): Readonly<Record<string, string>> {
  return {
    [`GET ${parameter}`]: `Get${what}`,
    [`PUT ${parameter}`]: `Put${what}`,
    [`DELETE ${parameter}`]: `Delete${what}`,
  };
}
