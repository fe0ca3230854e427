import { payloadOf } from './body';
import { checksumHeaders, verifiedChecksum } from './checksums';
import { checkWrite } from './conditions';
import { answer, encryption, etagOf, type ObjectOperation, versionOf } from './object-operation';
import { checkWritable, propertiesOf } from './properties';

/** `PutObject`. */
export const putObject: ObjectOperation = (request, bucket, { changed }) => {
  checkWritable(request, bucket);
  const { body, trailers } = payloadOf(request);
  const checksum = verifiedChecksum(request, body, trailers);
  checkWrite(request, bucket);
  const object = { ...propertiesOf(request, bucket), body, etag: etagOf(body), ...(checksum && { checksum }) };
  const written = bucket.put(request.key, object);
  changed('ObjectCreated:Put', bucket, written);
  return answer(200, {
    etag: written.etag,
    ...versionOf(bucket, written),
    ...checksumHeaders(checksum),
    ...encryption(written),
  });
};
