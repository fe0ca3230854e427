import { AwsError } from './aws-errors';
import { header, type HttpRequest } from './call';
import { areChunksSigned } from './chunk-signatures';
import type { SigningCaller } from './keys';
import type { Protocol } from './service';
import { AUTHORITY, isSignedBy, momentOf, readSignature, type Signature } from './sigv4';

/** Allowed clock skew of a signature, in seconds: S3 allows more than the others. */
const MAX_SKEW = { s3: 15 * 60, others: 5 * 60 };

/** The longest validity of a presigned URL, in seconds: a week. */
const MAX_EXPIRES = 604_800;

const NOT_SIGNED = 'There were headers present in the request which were not signed';

/**
 * Authenticates a request: the key is known, the signature is the key's and for exactly this request, its time is
 * valid, and the session token is present.
 * @param protocol of the service, which words the refusal
 * @param signature if it has already been read
 * @throws AwsError as the service refuses
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function authenticate(
  request: HttpRequest,
  protocol: Protocol,
  callerOf: (accessKeyId: string) => SigningCaller | undefined,
  signature: Signature | undefined = readSignature(request),
): SigningCaller {
  if (!signature) throw unsigned(request, protocol);
  const caller = callerOf(signature.accessKeyId);
  if (!caller) throw refusal(protocol, 'key');
  checkToken(caller, signature, protocol);
  if (caller.expires !== undefined && caller.expires < Date.now()) throw expired(protocol);
  checkTime(signature, protocol);
  if (!signature.signedHeaders.some((name) => name === 'host' || name === AUTHORITY)) {
    throw protocol === 's3' ? new AwsError('AccessDenied', NOT_SIGNED, 403) : refusal(protocol, 'signature');
  }
  if (!isSignedBy(request, signature, caller.secretAccessKey)) throw refusal(protocol, 'signature');
  if (protocol !== 's3') return caller;
  checkSignedHeaders(request, signature);
  if (!areChunksSigned(request, signature, caller.secretAccessKey)) throw refusal(protocol, 'signature');
  return caller;
}

/** A session's keys are invalid without its token. */
function checkToken(caller: SigningCaller, { sessionToken }: Signature, protocol: Protocol): void {
  if (caller.sessionToken === sessionToken) return;
  if (protocol !== 's3' || sessionToken === undefined) throw refusal(protocol, 'key');
  throw new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400);
}

function expired(protocol: Protocol): AwsError {
  if (protocol === 's3') return new AwsError('ExpiredToken', 'The provided token has expired.', 400);
  const code = protocol === 'query' ? 'ExpiredToken' : 'ExpiredTokenException';
  return new AwsError(code, 'The security token included in the request is expired', CODES[protocol].status);
}

function checkTime({ date, expires }: Signature, protocol: Protocol): void {
  const age = (Date.now() - momentOf(date)) / 1000;
  const skew = protocol === 's3' ? MAX_SKEW.s3 : MAX_SKEW.others;
  if (Number.isNaN(age)) throw refusal(protocol, 'signature');
  if (expires !== undefined) return checkExpiry(age, expires, skew, protocol);
  if (Math.abs(age) <= skew) return;
  if (protocol === 's3') {
    const message = 'The difference between the request time and the current time is too large.';
    throw new AwsError('RequestTimeTooSkewed', message, 403);
  }
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const early = age < 0;
  throw refusal(
    protocol,
    'signature',
    early
      ? `Signature not yet current: ${date} is still later than ${now}`
      : `Signature expired: ${date} is now earlier than ${now} (5 min. before now)`,
  );
}

function checkExpiry(age: number, expires: string, skew: number, protocol: Protocol): void {
  const seconds = /^\d+$/.test(expires) ? Number(expires) : undefined;
  if (protocol === 's3' && (seconds === undefined || seconds > MAX_EXPIRES)) {
    const message =
      seconds === undefined
        ? 'X-Amz-Expires should be a number'
        : 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds';
    throw new AwsError('AuthorizationQueryParametersError', message, 400);
  }
  const life = Math.min(seconds ?? skew, MAX_EXPIRES);
  if (age <= life && age >= -skew) return;
  if (protocol === 's3') {
    throw new AwsError('AccessDenied', age < 0 ? 'Request is not valid yet' : 'Request has expired', 403);
  }
  throw refusal(protocol, 'signature', 'Signature expired: the presigned URL is no longer valid');
}

/** S3 rejects unsigned headers of its own. */
function checkSignedHeaders({ headers }: HttpRequest, { signedHeaders }: Signature): void {
  const open = headers.find(
    ([name]) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  );
  if (open) throw new AwsError('AccessDenied', NOT_SIGNED, 403, { HeadersNotSigned: open[0] });
}

function unsigned(request: HttpRequest, protocol: Protocol): AwsError {
  if (protocol === 's3') {
    const old =
      /(^|&)(AWSAccessKeyId|Signature)=/.test(request.query) || /^AWS /.test(header(request, 'authorization') ?? '');
    return old
      ? new AwsError(
          'InvalidRequest',
          'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
          400,
        )
      : new AwsError('AccessDenied', 'Access Denied', 403);
  }
  const code = protocol === 'query' ? 'MissingAuthenticationToken' : 'MissingAuthenticationTokenException';
  const status = protocol === 'json' ? 400 : 403;
  return new AwsError(code, 'Request is missing Authentication Token', status);
}

const CODES: Readonly<Record<Protocol, { readonly key: string; readonly signature: string; readonly status: number }>> =
  {
    json: { key: 'UnrecognizedClientException', signature: 'InvalidSignatureException', status: 400 },
    'rest-json': { key: 'UnrecognizedClientException', signature: 'InvalidSignatureException', status: 403 },
    query: { key: 'InvalidClientTokenId', signature: 'SignatureDoesNotMatch', status: 403 },
    s3: { key: 'InvalidAccessKeyId', signature: 'SignatureDoesNotMatch', status: 403 },
  };

function refusal(protocol: Protocol, what: 'key' | 'signature', message?: string): AwsError {
  const { status, ...codes } = CODES[protocol];
  return new AwsError(codes[what], message ?? messageFor(protocol, what), status);
}

function messageFor(protocol: Protocol, what: 'key' | 'signature'): string {
  if (what === 'key') {
    return protocol === 's3'
      ? 'The AWS Access Key Id you provided does not exist in our records.'
      : 'The security token included in the request is invalid.';
  }
  return protocol === 's3'
    ? 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
    : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
}
