import { payloadOf } from './body';
import { verifiedChecksum } from './checksums';
import { answer, type ObjectOperation, versionOf } from './object-operation';
import { tagsOfBody, tagsOfHeader } from './properties';
import { readable } from './read-object';
import { xmlResponse } from './xml';

/** `GetObjectTagging`. */
export const getObjectTagging: ObjectOperation = (request, bucket) => {
  const version = readable(request, bucket);
  const Tag = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlResponse('Tagging', { TagSet: { Tag } }, versionOf(bucket, version));
};

/** `PutObjectTagging`. */
export const putObjectTagging: ObjectOperation = (request, bucket, { changed }) => {
  const version = readable(request, bucket);
  const { body, trailers } = payloadOf(request);
  verifiedChecksum(request, body, trailers);
  bucket.tag(version, tagsOfBody(body.toString()));
  changed('ObjectTagging:Put', bucket, version);
  return answer(200, versionOf(bucket, version));
};

/** `DeleteObjectTagging`. */
export const deleteObjectTagging: ObjectOperation = (request, bucket, { changed }) => {
  const version = readable(request, bucket);
  bucket.tag(version, tagsOfHeader(undefined));
  changed('ObjectTagging:Delete', bucket, version);
  return answer(204, versionOf(bucket, version));
};
