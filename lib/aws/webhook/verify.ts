import { signingSecret } from './secret';
import { signatureFault, type SignatureScheme, type SignedRequest } from './signature';

/** The scheme that the construct put into the environment, with the secret's field. */
interface Settings extends SignatureScheme {
  readonly field?: string;
}

const settings = JSON.parse(process.env.WEBHOOK_SCHEME ?? '{}') as Settings;
const secretId = process.env.WEBHOOK_SECRET ?? '';

/** Why a request cannot be trusted; undefined if it can. After a wrong signature the secret is read again, in case it was rotated. */
export async function verify(request: SignedRequest): Promise<string | undefined> {
  const fault = signatureFault(settings, await signingSecret(secretId, settings.field), request);
  if (fault === undefined) return undefined;
  return signatureFault(settings, await signingSecret(secretId, settings.field, true), request);
}

/** Another field of the secret. */
export function secretField(field: string): Promise<string> {
  return signingSecret(secretId, field);
}

type Headers = Readonly<Record<string, string | undefined>>;

/** The value of a header, ignoring case. */
export function header(headers: Headers, name: string | undefined): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name?.toLowerCase())?.[1];
}

/** What a request's headers contain about its signature. */
export function signatureHeaders(headers: Headers): Pick<SignedRequest, 'signature' | 'timestamp' | 'id'> {
  return {
    signature: header(headers, settings.header),
    timestamp: header(headers, settings.timestampHeader),
    id: header(headers, settings.idHeader),
  };
}
