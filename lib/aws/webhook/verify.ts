import { signingSecret } from './secret';
import { signatureFault, type SignatureScheme, type SignedRequest } from './signature';

/** The scheme that the construct has put into the environment, with the secret's ARN and field. */
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

/** The value of a header, whatever its case. */
export function header(headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The signature's and the timestamp's header of a request. */
export function signatureHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): Pick<SignedRequest, 'signature' | 'timestamp'> {
  return {
    signature: header(headers, settings.header),
    timestamp: settings.timestampHeader === undefined ? undefined : header(headers, settings.timestampHeader),
  };
}
