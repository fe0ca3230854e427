import type { Duration } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Check } from '../../core/check';
import type { SignatureScheme } from './signature';

/** How the sender signs its requests: an HMAC in a header. */
export interface WebhookSignature {
  /** The header that holds the signature, bare, as `sha256=...`, or in a list as `t=...,v1=...`. */
  readonly header: string;
  /** The signing secret that sender and receiver share. */
  readonly secret: ISecret;
  /**
   * The field of the secret that holds it, for a secret of JSON.
   * @default - the whole secret
   */
  readonly field?: string;
  /**
   * Hash of the HMAC.
   * @default 'sha256'
   */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  /**
   * How the signature is written.
   * @default 'hex'
   */
  readonly encoding?: 'hex' | 'base64';
  /**
   * How long after its signing a request is still accepted, for a sender that signs the time: 1 second to 1 day. Without
   * it, whoever has seen one request can send it again.
   * @default - the sender signs no time
   */
  readonly tolerance?: Duration;
  /**
   * The header that holds the time of signing.
   * @default - `t=` in the signature's header
   */
  readonly timestampHeader?: string;
  /**
   * What is signed, with `{timestamp}` and `{body}`.
   * @default '{body}' - with a tolerance '{timestamp}.{body}'
   */
  readonly payload?: string;
}

/** The scheme as the code that checks signatures finds it in its environment. The secret is not part of it. */
export function schemeOf(signature: WebhookSignature): string {
  const { header, algorithm = 'sha256', encoding = 'hex', tolerance, timestampHeader, field } = signature;
  const payload = signature.payload ?? (tolerance ? '{timestamp}.{body}' : '{body}');
  const scheme: SignatureScheme = {
    header,
    algorithm,
    encoding,
    payload,
    timestampHeader,
    tolerance: tolerance?.toSeconds(),
  };
  return JSON.stringify({ ...scheme, field });
}

/** Whether a scheme can be checked. */
export function signatureChecks(signature: WebhookSignature): Check[] {
  const { header, secret, tolerance, timestampHeader, payload } = signature;
  const headers = timestampHeader === undefined ? { header } : { header, timestampHeader };
  return [
    ...Object.entries(headers).map(([name, value]) => ({
      prop: `signature.${name}`,
      value,
      valid: () => typeof value === 'string' && /^[A-Za-z0-9-]+$/.test(value),
      rule: 'must be the name of a header',
      remedy: "write it as 'X-Signature'",
    })),
    {
      prop: 'signature.secret',
      value: secret,
      sensitive: true,
      valid: () => secret.secretArn !== undefined,
      rule: 'must be a secret of Secrets Manager, and never its value',
      remedy: "make one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)'",
    },
    {
      prop: 'signature.tolerance',
      value: tolerance,
      valid: () => tolerance === undefined || (tolerance.toSeconds() >= 1 && tolerance.toSeconds() <= 86_400),
      rule: 'must be 1 second to 1 day',
      remedy: 'choose 5 minutes, as most senders do',
    },
    {
      prop: 'signature.timestampHeader',
      value: timestampHeader,
      valid: () => timestampHeader === undefined || tolerance !== undefined,
      rule: "must not be given without 'signature.tolerance', which judges it",
      remedy: "set 'signature.tolerance'",
    },
    {
      prop: 'signature.payload',
      value: payload,
      valid: () =>
        payload === undefined ||
        (payload.includes('{body}') && payload.includes('{timestamp}') === (tolerance !== undefined)),
      rule: `must contain '{body}', and '{timestamp}' ${tolerance ? "as 'signature.tolerance' is given" : "only with 'signature.tolerance'"}`,
      remedy: "write it as the sender signs it: 'v0:{timestamp}:{body}'",
    },
  ];
}
