import { copyObject } from './copy-object';
import { deleteObject } from './delete-object';
import { listObjects, listObjectsV2, listObjectVersions } from './listing';
import { answer, type ObjectOperation } from './object-operation';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tags';
import { getObject, getObjectAttributes, headObject } from './read-object';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './uploads';
import { putObject } from './write-object';
import { xmlResponse } from './xml';

/** Operations on buckets and objects, except `ListBuckets` and `DeleteObjects`. */
export const OPERATIONS: Readonly<Record<string, ObjectOperation>> = {
  HeadBucket: (_, { settings }) => answer(200, { 'x-amz-bucket-region': settings.region }),
  GetBucketLocation: (_, { settings: { region } }) =>
    xmlResponse('LocationConstraint', region === 'us-east-1' ? undefined : region),
  GetBucketVersioning: (_, { settings: { versioning } }) =>
    xmlResponse('VersioningConfiguration', versioning === 'Off' ? undefined : { Status: versioning }),
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
};

/** The names of all supported operations. */
export const SERVED = [...Object.keys(OPERATIONS), 'ListBuckets', 'DeleteObjects'];
