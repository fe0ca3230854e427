import type { HttpRequest } from '../../kernel/call';
import type { SigningCaller } from '../../kernel/keys';
import type { LocalContext } from '../../kernel/service';
import { isSignedBy, momentOf, readSignature } from '../../kernel/sigv4';

/** What a token must be valid for. */
export interface TokenFor {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly region: string;
}

/** Lifetime of a token, in seconds. */
const LIFE = 15 * 60;
/** Tolerated clock skew, in milliseconds. */
const SKEW = 5 * 60 * 1000;

/**
 * The signer of an RDS authentication token, or what is wrong with it.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function signerOf(
  token: string,
  { host, port, user, region }: TokenFor,
  callerOf: (accessKeyId: string) => SigningCaller | undefined,
): SigningCaller | string {
  const [, authority, query] = /^([^/?]+)\/?\?(.*)$/s.exec(token) ?? [];
  if (authority === undefined || query === undefined) return 'the password is not an IAM token';
  const values = new URLSearchParams(query);
  if (authority !== `${host}:${port}`) return `the token is for '${authority}', and this is '${host}:${port}'`;
  if (values.get('Action') !== 'connect') return 'the token is not for connecting';
  const named = values.get('DBUser');
  if (named !== user) return `the token is for the user '${named ?? ''}', and '${user}' connects`;
  const request: HttpRequest = {
    method: 'GET',
    path: '/',
    query,
    headers: [['host', authority]],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  };
  const signature = readSignature(request);
  if (!signature) return 'the token is not signed';
  if (signature.service !== 'rds-db') return `the token is signed for '${signature.service}', and not for 'rds-db'`;
  const signed = signature.scope.split('/')[1];
  if (signed !== region) return `the token is signed for the region '${signed ?? ''}', and this is '${region}'`;
  const caller = callerOf(signature.accessKeyId);
  if (!caller || caller.sessionToken !== signature.sessionToken) return 'the token was signed with unknown keys';
  if (!isSignedBy(request, signature, caller.secretAccessKey)) return 'the signature of the token is wrong';
  const age = Date.now() - momentOf(signature.date);
  const life = Math.min(Number(signature.expires) || LIFE, LIFE);
  if (!(age <= life * 1000 && age >= -SKEW))
    return `the token is ${Math.round(age / 1000)} seconds old, and good for ${life}`;
  if (caller.expires !== undefined && caller.expires < Date.now()) return 'the keys that signed the token have expired';
  return caller;
}

/** Logs why a client was rejected: for the endpoint, and for the function whose token it presented. */
export function noteRefusal(
  context: Pick<LocalContext, 'callerOf' | 'logs'>,
  refusal: { readonly source: string; readonly token: string; readonly message: string },
): void {
  const { source, token, message } = refusal;
  const key = /X-Amz-Credential=([A-Z0-9]+)/.exec(token)?.[1];
  const sender = key === undefined ? undefined : context.callerOf(key)?.name;
  context.logs.write(source, message);
  if (sender !== undefined) context.logs.write(sender, `NOTE ${message}`);
}
