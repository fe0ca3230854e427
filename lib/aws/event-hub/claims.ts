import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Access } from '../access/access';
import { Capability } from '../access/capability';

/** Key prefix of data too large for the bus. */
const CLAIMS = 'claims/';

/** Stores data of one source in the bucket. The variable is `<NAME>_CLAIMS`. */
export function leaveClaims(bucket: IBucket, source: string): Capability {
  const { statements } = Access.bucket(bucket).write({ prefix: `${CLAIMS}${encodeURIComponent(source)}/` });
  return new Capability({ variables: { CLAIMS: bucket.bucketName }, statements });
}

/** Fetches data of any source from the bucket. */
export function takeClaims(bucket: IBucket): Capability {
  const { statements } = Access.bucket(bucket).read({ prefix: CLAIMS });
  return new Capability({ variables: { '': bucket.bucketName }, statements });
}
