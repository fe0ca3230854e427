import { createHash, createHmac } from 'node:crypto';
import { TOKEN_LIFETIME } from '../limits';
import type { ConnectionSettings } from './connection-settings';

/** Creates a new token: the password of one connection. Signed locally, without a request. */
export type NewToken = () => Promise<string>;

/**
 * Signs tokens with the function's credentials. A token is valid for fifteen minutes, within which the connection must be
 * established: each connection gets a fresh one. Signed here, since Lambda's runtime does not guarantee a signer of the SDK.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export function tokensFor({ host, port, user, region, dsql }: ConnectionSettings): NewToken {
  // For DSQL it names no user: SQL ties the function's role to one.
  const request: Omit<Request, 'region'> = dsql
    ? { service: 'dsql', host, query: { Action: 'DbConnect' } }
    : { service: 'rds-db', host: `${host}:${port}`, query: { Action: 'connect', DBUser: user } };
  return async () => presigned({ ...request, region }, credentials(), new Date());
}

interface Request {
  readonly service: string;
  /** As in the Host header. */
  readonly host: string;
  readonly region: string;
  readonly query: Readonly<Record<string, string>>;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Lambda's credentials for the function, which outlive the environment. */
function credentials(): Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  throw new Error(
    "no credentials to sign a token with: 'AWS_ACCESS_KEY_ID' and 'AWS_SECRET_ACCESS_KEY' are not set, as Lambda would",
  );
}

/**
 * A GET of `/`, signed in its query, without a scheme.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function presigned({ service, host, region, query }: Request, keys: Credentials, now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const parameters = Object.entries({
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [keys.accessKeyId, ...scope].join('/'),
    'X-Amz-Date': time,
    'X-Amz-Expires': String(TOKEN_LIFETIME),
    ...(keys.sessionToken && { 'X-Amz-Security-Token': keys.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  });
  const queryString = parameters.map(([name, value]) => `${name}=${encoded(value)}`).join('&');
  const canonical = ['GET', '/', queryString, `host:${host}`, '', 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  return `${host}/?${queryString}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`;
}

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
