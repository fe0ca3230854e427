import { AwsError } from '../../kernel/aws-errors';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import type { Received, ServiceFront } from '../../kernel/service';
import { readSignature } from '../../kernel/sigv4';
import { ANONYMOUS, isClosed } from './anonymous';
import { BucketCors, noBucket } from './cors';
import { isForm, receiveForm } from './post-form';
import { requestId } from './xml';

/**
 * Handles CORS preflights, browser form uploads and unsigned requests.
 * @param bucketOf the bucket with a given name
 */
export function s3Front(bucketOf: (name: string) => Deployed | undefined): ServiceFront {
  /** @throws AwsError when the bucket's public access block denies anonymous access */
  function open(received: Received): Received {
    const bucket = bucketOf(bucketIn(received.request));
    if (received.caller !== ANONYMOUS || (bucket && !isClosed(bucket))) return received;
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  }

  function preflight(request: HttpRequest): HttpResponse | undefined {
    if (request.method !== 'OPTIONS') return undefined;
    const type = /^\/[^/]+\/./.test(request.path) ? 'OBJECT' : 'BUCKET';
    const bucket = bucketOf(bucketIn(request));
    if (!bucket) return noBucket(header(request, 'access-control-request-method') ?? '', type);
    return new BucketCors(bucket.properties.CorsConfiguration).preflight(request, type);
  }

  return {
    preflight,
    receive: (request, callerOf) => {
      if (isForm(request)) return open(receiveForm(request, callerOf));
      return isUnsigned(request) ? open({ caller: ANONYMOUS, request }) : undefined;
    },
    finish: (request, response) => {
      const bucket = bucketOf(bucketIn(request));
      const named = { ...response, headers: { 'x-amz-request-id': requestId(), ...response.headers } };
      return bucket ? new BucketCors(bucket.properties.CorsConfiguration).apply(request, named) : named;
    },
  };
}

function bucketIn({ path }: HttpRequest): string {
  return path.split('/')[1] ?? '';
}

/** Without any signature: an outdated signature version gets its own error. */
function isUnsigned(request: HttpRequest): boolean {
  if (readSignature(request) || header(request, 'authorization') !== undefined) return false;
  return !/(^|&)(AWSAccessKeyId|Signature|X-Amz-Signature)=/.test(request.query);
}
