import { signingSecret } from './secret';
import { signatureFault, type SignatureScheme, type SignedRequest } from './signature';

/** The scheme that the construct has put into the environment, with the secret's field. */
interface Settings extends SignatureScheme {
  readonly field?: string;
}

const settings = JSON.parse(process.env.WEBHOOK_SCHEME ?? '{}') as Settings;
const secretId = process.env.WEBHOOK_SECRET ?? '';

/** Why a request is not to be trusted; undefined where it is. After a wrong signature a rotated secret is looked for. */
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

/** The value of a header, whatever its case. */
export function header(headers: Headers, name: string | undefined): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name?.toLowerCase())?.[1];
}

/** What the headers of a request say of its signature. */
export function signatureHeaders(headers: Headers): Pick<SignedRequest, 'signature' | 'timestamp' | 'id'> {
  return {
    signature: header(headers, settings.header),
    timestamp: header(headers, settings.timestampHeader),
    id: header(headers, settings.idHeader),
  };
}
