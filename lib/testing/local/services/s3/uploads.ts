import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { payloadOf } from './body';
import {
  ALGORITHMS,
  checksumElements,
  checksumHeaders,
  checksumOf,
  elementOf,
  headerOf,
  type ObjectChecksum,
  verifiedChecksum,
} from './checksums';
import { checkWrite } from './conditions';
import { answer, encryption, etagOf, type ObjectOperation, versionOf } from './object-operation';
import { sourceOf } from './copy-object';
import { checkWritable, propertiesOf } from './properties';
import type { S3Request } from './request';
import type { Bucket, Part, Upload } from './store';
import { checkXml, element, elements, xmlResponse } from './xml';

/** Minimum size of every part but the last, in bytes. */
const MIN_PART = 5 * 1024 * 1024;
const MAX_PART_NUMBER = 10_000;

/** `CreateMultipartUpload`. */
export const createMultipartUpload: ObjectOperation = (request, bucket) => {
  checkWritable(request, bucket);
  const id = randomBytes(48).toString('base64url');
  const algorithm = request.value('x-amz-checksum-algorithm')?.toLowerCase();
  if (algorithm !== undefined && !(algorithm in ALGORITHMS)) {
    throw new AwsError('InvalidRequest', 'Checksum algorithm provided is unsupported.', 400);
  }
  const type = request.value('x-amz-checksum-type') ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  bucket.uploads.set(id, {
    id,
    key: request.key,
    begun: new Date(),
    object: propertiesOf(request, bucket),
    algorithm,
    whole: type === 'FULL_OBJECT',
    parts: new Map(),
  });
  const headers: Readonly<Record<string, string>> =
    algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': type };
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.settings.name, Key: request.key, UploadId: id },
    headers,
  );
};

/** `UploadPart`. */
export const uploadPart: ObjectOperation = (request, bucket) => {
  const upload = uploadOf(request, bucket);
  const { body, trailers } = payloadOf(request);
  const checksum = verifiedChecksum(request, body, trailers);
  if (upload.algorithm !== undefined && checksum && checksum.algorithm !== upload.algorithm) {
    const message = `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm}, actual checksum Type: ${checksum.algorithm}`;
    throw new AwsError('InvalidRequest', message, 400);
  }
  const part = keepPart(upload, numberOf(request), body, checksum);
  return answer(200, { etag: part.etag, ...checksumHeaders(checksum), ...encryption(upload.object) });
};

/** `UploadPartCopy`. */
export const uploadPartCopy: ObjectOperation = (request, bucket, { bucketOf }) => {
  const upload = uploadOf(request, bucket);
  const { version, headers } = sourceOf(request, bucketOf);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.value('x-amz-copy-source-range') ?? '') ?? [];
  if (to !== undefined && Number(to) >= version.body.length) {
    throw new AwsError('InvalidArgument', 'Range specified is not valid for source object', 400);
  }
  const body = from === undefined ? version.body : version.body.subarray(Number(from), Number(to) + 1);
  const part = keepPart(upload, numberOf(request), body, undefined);
  return xmlResponse('CopyPartResult', { LastModified: part.modified.toISOString(), ETag: part.etag }, headers);
};

function keepPart(upload: Upload, number: number, body: Buffer, checksum: ObjectChecksum | undefined): Part {
  const part = { body, etag: etagOf(body), modified: new Date(), ...(checksum && { checksum }) };
  upload.parts.set(number, part);
  return part;
}

/** `CompleteMultipartUpload`. */
export const completeMultipartUpload: ObjectOperation = (request, bucket, { changed }) => {
  const upload = uploadOf(request, bucket);
  const parts = namedParts(checkXml(request.http.body.toString(), 'CompleteMultipartUpload'), upload);
  checkWrite(request, bucket);
  const body = Buffer.concat(parts.map((part) => part.body));
  const hashes = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex')));
  const checksum = checksumOfUpload(upload, parts, body);
  checkGivenChecksum(request, checksum);
  const written = bucket.put(upload.key, {
    ...upload.object,
    body,
    etag: `"${createHash('md5').update(hashes).digest('hex')}-${parts.length}"`,
    parts: parts.map((part) => part.body.length),
    ...(checksum && { checksum }),
  });
  bucket.uploads.delete(upload.id);
  changed('ObjectCreated:CompleteMultipartUpload', bucket, written);
  const { name } = bucket.settings;
  return xmlResponse(
    'CompleteMultipartUploadResult',
    {
      Location: `/${name}/${upload.key}`,
      Bucket: name,
      Key: upload.key,
      ETag: written.etag,
      ...checksumElements(checksum),
    },
    { ...versionOf(bucket, written), ...encryption(written) },
  );
};

/** @throws AwsError when listed parts are missing, out of order or too small */
function namedParts(source: string, upload: Upload): readonly Part[] {
  const named = elements(source, 'Part').map((one) => ({
    number: Number(element(one, 'PartNumber')),
    etag: element(one, 'ETag')?.replaceAll('"', '') ?? '',
    checksum: upload.algorithm === undefined ? undefined : element(one, elementOf(upload.algorithm)),
  }));
  if (named.length === 0) checkXml('', 'CompleteMultipartUpload');
  if (named.some(({ number }, index) => index > 0 && number <= named[index - 1]!.number)) {
    const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
    throw new AwsError('InvalidPartOrder', message, 400);
  }
  const parts = named.map(({ number, etag, checksum }) => {
    const part = upload.parts.get(number);
    const known = part?.etag === `"${etag}"` && (checksum === undefined || part.checksum?.value === checksum);
    if (part && known) return part;
    const message =
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    throw new AwsError('InvalidPart', message, 400, { UploadId: upload.id, PartNumber: String(number), ETag: etag });
  });
  if (parts.slice(0, -1).some(({ body }) => body.length < MIN_PART)) {
    const message = 'Your proposed upload is smaller than the minimum allowed size';
    throw new AwsError('EntityTooSmall', message, 400, { MinSizeAllowed: String(MIN_PART) });
  }
  return parts;
}

function checksumOfUpload(
  { algorithm, whole }: Upload,
  parts: readonly Part[],
  body: Buffer,
): ObjectChecksum | undefined {
  if (algorithm === undefined) return undefined;
  if (whole) return { algorithm, value: checksumOf(algorithm, body), type: 'FULL_OBJECT' };
  const values = parts.map((part) => part.checksum?.value ?? checksumOf(algorithm, part.body));
  const all = Buffer.concat(values.map((value) => Buffer.from(value, 'base64')));
  return { algorithm, value: `${checksumOf(algorithm, all)}-${parts.length}`, type: 'COMPOSITE' };
}

function checkGivenChecksum({ value }: S3Request, checksum: ObjectChecksum | undefined): void {
  const given = checksum && value(headerOf(checksum.algorithm));
  if (given === undefined || given === checksum?.value || given === checksum?.value.replace(/-\d+$/, '')) return;
  const message = `The ${checksum?.algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
  throw new AwsError('BadDigest', message, 400);
}

/** `AbortMultipartUpload`. */
export const abortMultipartUpload: ObjectOperation = (request, bucket) => {
  bucket.uploads.delete(uploadOf(request, bucket).id);
  return answer(204, {});
};

/** `ListParts`. */
export const listParts: ObjectOperation = (request, bucket) => {
  const upload = uploadOf(request, bucket);
  const after = Number(request.query.get('part-number-marker') ?? 0);
  const max = Math.min(Number(request.query.get('max-parts') ?? 1000), 1000);
  const all = [...upload.parts].sort(([a], [b]) => a - b).filter(([number]) => number > after);
  const shown = all.slice(0, max);
  return xmlResponse('ListPartsResult', {
    Bucket: bucket.settings.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: after,
    NextPartNumberMarker: shown.at(-1)?.[0] ?? 0,
    MaxParts: max,
    IsTruncated: all.length > max,
    Part: shown.map(([number, { body, etag, modified, checksum }]) => ({
      PartNumber: number,
      LastModified: modified.toISOString(),
      ETag: etag,
      Size: body.length,
      ...(checksum && { [elementOf(checksum.algorithm)]: checksum.value }),
    })),
  });
};

/** `ListMultipartUploads`. */
export const listMultipartUploads: ObjectOperation = ({ query }, { settings, uploads }) => {
  const prefix = query.get('prefix') ?? '';
  const shown = [...uploads.values()].filter(({ key }) => key.startsWith(prefix));
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: settings.name,
    Prefix: prefix,
    MaxUploads: 1000,
    IsTruncated: false,
    Upload: shown.map(({ id, key, begun }) => ({ UploadId: id, Key: key, Initiated: begun.toISOString() })),
  });
};

/** @throws AwsError when the key has no such upload */
function uploadOf({ query, key }: S3Request, bucket: Bucket): Upload {
  const upload = bucket.uploads.get(query.get('uploadId') ?? '');
  if (upload?.key === key) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', message, 404);
}

/** @throws AwsError for a number out of range */
function numberOf({ query }: S3Request): number {
  const number = Number(query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= MAX_PART_NUMBER) return number;
  throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400);
}
