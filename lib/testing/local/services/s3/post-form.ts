import { AwsError } from '../../kernel/aws-errors';
import { header, type HttpRequest, type HttpResponse } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import type { SigningCaller } from '../../kernel/keys';
import type { Received } from '../../kernel/service';
import { credentialOf, hmac, matches, signingKey } from '../../kernel/sigv4';
import { ANONYMOUS } from './anonymous';
import { partsOf } from './multipart';
import { checkPolicy } from './post-policy';
import { tagsOfBody } from './properties';
import { xmlText } from './xml';

type CallerOf = (accessKeyId: string) => SigningCaller | undefined;

/** Form fields that become headers of the upload. */
const HEADERS =
  /^(content-type|cache-control|content-disposition|content-encoding|expires|x-amz-(?!algorithm|credential|date|signature|security-token).*)$/;

/** Whether a request is a browser form upload. */
export function isForm(request: HttpRequest): boolean {
  const { method, path, query } = request;
  const type = header(request, 'content-type') ?? '';
  return method === 'POST' && /^\/[^/]+\/?$/.test(path) && query === '' && /^multipart\/form-data\b/i.test(type);
}

/**
 * Translates a form into the equivalent upload, authorized by its signed policy.
 * @throws AwsError when S3 would reject it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function receiveForm(request: HttpRequest, callerOf: CallerOf): Received {
  const parts = partsOf(header(request, 'content-type') ?? '', request.body);
  if (!parts) {
    const message = 'The body of your POST request is not well-formed multipart/form-data.';
    throw new AwsError('MalformedPOSTRequest', message, 400);
  }
  const at = parts.findIndex(({ name }) => name.toLowerCase() === 'file');
  if (at < 0) throw invalid('POST requires exactly one file upload per request.');
  const { data: body, filename = '' } = parts[at]!;
  // Fields after the file are ignored.
  const fields = new Map(
    parts
      .slice(0, at)
      .map(({ name, data }) => [name.toLowerCase(), data.toString().replaceAll('${filename}', filename)] as const),
  );
  const key = fields.get('key');
  if (key === undefined) {
    throw invalid(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    );
  }
  const bucket = request.path.split('/')[1] ?? '';
  const caller = senderOf(fields, callerOf);
  const policy = fields.get('policy');
  if (policy !== undefined) checkPolicy(policy, { bucket, fields, size: body.length });
  const put: HttpRequest = {
    ...request,
    method: 'PUT',
    path: `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    headers: headersOf(fields),
    body,
  };
  return { caller, request: put, answer: (response) => answerOf(response, { bucket, key, fields, request }) };
}

function senderOf(fields: ReadonlyMap<string, string>, callerOf: CallerOf): Caller {
  const policy = fields.get('policy');
  if (fields.has('awsaccesskeyid')) {
    const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
    throw new AwsError('InvalidRequest', message, 400);
  }
  const credential = fields.get('x-amz-credential');
  if (policy === undefined && credential === undefined) return ANONYMOUS;
  for (const name of ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature']) {
    if (!fields.has(name)) throw invalid(`Bucket POST must contain a field named '${name}'.`);
  }
  const { accessKeyId, scope } = credentialOf(credential ?? '');
  const caller = callerOf(accessKeyId);
  if (!caller) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new AwsError('InvalidAccessKeyId', message, 403);
  }
  const expected = hmac(signingKey(caller.secretAccessKey, scope), policy ?? '');
  const isOfDay = scope.startsWith(`${(fields.get('x-amz-date') ?? '').slice(0, 8)}/`);
  if (!isOfDay || !matches(fields.get('x-amz-signature') ?? '', expected)) {
    const message =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
    throw new AwsError('SignatureDoesNotMatch', message, 403);
  }
  if (caller.sessionToken !== fields.get('x-amz-security-token')) {
    throw new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400);
  }
  return caller;
}

/** The upload's headers. Node.js represents headers in Latin-1; they are decoded as UTF-8 later. */
function headersOf(fields: ReadonlyMap<string, string>): HttpRequest['headers'] {
  const own = [...fields]
    .filter(([name]) => HEADERS.test(name))
    .map(([name, value]) => [name, Buffer.from(value).toString('latin1')] as const);
  const acl = fields.get('acl');
  const tagging = fields.get('tagging');
  return [
    ...own,
    ...(acl === undefined ? [] : [['x-amz-acl', acl] as const]),
    ...(tagging === undefined ? [] : [['x-amz-tagging', new URLSearchParams(tagsOfBody(tagging)).toString()] as const]),
  ];
}

interface Form {
  readonly bucket: string;
  readonly key: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly request: HttpRequest;
}

/** The response to a successful upload: a redirect, or the requested status. */
function answerOf(response: HttpResponse, { bucket, key, fields, request }: Form): HttpResponse {
  if (response.status !== 200) return response;
  const etag = [response.headers?.etag ?? ''].flat()[0] ?? '';
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const location = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) location.searchParams.append(name, value);
    return { status: 303, headers: { ...response.headers, location: location.href } };
  }
  const location = `http://${header(request, 'host')}/${bucket}/${encodeURIComponent(key)}`;
  const headers = { ...response.headers, location };
  switch (fields.get('success_action_status')) {
    case '200':
      return { status: 200, headers };
    case '201': {
      const content = { PostResponse: { Location: location, Bucket: bucket, Key: key, ETag: etag } };
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xmlText(content)}`;
      return { status: 201, headers: { ...headers, 'content-type': 'application/xml' }, body };
    }
    default:
      return { status: 204, headers };
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', message, 400);
}
