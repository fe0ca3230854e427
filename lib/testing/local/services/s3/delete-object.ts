import { AwsError } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import { payloadOf } from './body';
import { verifiedChecksum } from './checksums';
import { checkDelete } from './conditions';
import { answer, type ObjectOperation, type ObjectsContext } from './object-operation';
import type { S3Request } from './request';
import type { Bucket } from './store';
import { checkXml, element, elements, xmlResponse } from './xml';

/** `DeleteObject`. */
export const deleteObject: ObjectOperation = (request, bucket, context) => {
  checkDelete(request.value('if-match'), bucket.current(request.key));
  const { marker, versionId } = remove(request.key, request.query.get('versionId') ?? undefined, bucket, context);
  return answer(204, {
    ...(marker && { 'x-amz-delete-marker': 'true' }),
    ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
  });
};

/**
 * `DeleteObjects`.
 * @param refused why a key may not be deleted; undefined if it may
 */
export function deleteObjects(
  request: S3Request,
  bucket: Bucket,
  context: ObjectsContext,
  refused: (key: string, versionId: string | undefined) => AwsError | undefined,
): HttpResponse {
  const { body, trailers } = payloadOf(request);
  const checksum = verifiedChecksum(request, body, trailers);
  if (!checksum && request.value('content-md5') === undefined) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: Content-MD5', 400);
  }
  const source = checkXml(body.toString(), 'Delete');
  const asked = elements(source, 'Object');
  if (asked.length === 0 || asked.length > 1000) checkXml('', 'Delete');
  const quiet = element(source, 'Quiet') === 'true';
  const results = asked.map((one) => {
    const key = element(one, 'Key') ?? '';
    const versionId = element(one, 'VersionId');
    const named = { Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
    try {
      const refusal = refused(key, versionId);
      if (refusal) throw refusal;
      checkDelete(element(one, 'ETag'), bucket.current(key));
      const { marker, versionId: made } = remove(key, versionId, bucket, context);
      const Deleted = {
        ...named,
        ...(marker && { DeleteMarker: true, ...(made !== undefined && { DeleteMarkerVersionId: made }) }),
      };
      return quiet ? {} : { Deleted };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Error: { ...named, Code: error.code, Message: error.message } };
    }
  });
  return xmlResponse('DeleteResult', results);
}

function remove(
  key: string,
  versionId: string | undefined,
  bucket: Bucket,
  { changed }: ObjectsContext,
): { readonly marker: boolean; readonly versionId?: string } {
  if (versionId !== undefined) {
    const removed = bucket.removeVersion(key, versionId);
    if (removed) changed('ObjectRemoved:Delete', bucket, { key, versionId });
    return { marker: removed?.marker === true, versionId };
  }
  const marker = bucket.remove(key);
  if (!marker) {
    changed('ObjectRemoved:Delete', bucket, { key });
    return { marker: false };
  }
  changed('ObjectRemoved:DeleteMarkerCreated', bucket, { key, versionId: marker.versionId });
  return { marker: true, versionId: marker.versionId };
}
