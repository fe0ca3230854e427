import type { Duration } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Check } from '../../core/check/check';
import { duration, filled, needed, object, oneOf, text } from '../../core/check/kinds';
import { isUnresolved } from '../../core/unresolved';
import { SECRET } from '../resource-kinds';
import { PRESETS, type WebhookSender } from './presets';
import { PLACEHOLDERS, type SignatureScheme } from './signature';

/** How the sender signs its requests: a known sender, or an HMAC in a header. */
export type WebhookSignature = PresetSignature | HmacSignature;

/** The secret shared with the sender, and how old a request may be. */
export interface SigningSecret {
  /** The signing secret. */
  readonly secret: ISecret;
  /**
   * The field with the signing secret, for a JSON secret.
   * @default - the whole secret
   */
  readonly field?: string;
  /**
   * How long after signing a request is still accepted, for a sender that signs a timestamp: 1 second to 1 day. Without
   * it, anyone who has seen a request can replay it.
   * @default - 5 minutes with a preset that signs a timestamp; otherwise none is signed
   */
  readonly tolerance?: Duration;
  /**
   * Value of `{url}`: the URL as the sender knows it, for a sender that signs it and reaches this API through
   * another host.
   * @default - the URL that was called, without its query
   */
  readonly url?: string;
}

/** A known sender. */
export interface PresetSignature extends SigningSecret {
  /** The sender. `standard-webhooks` is the specification followed by Svix, OpenAI, Clerk, Resend and others. */
  readonly preset: WebhookSender;
}

/** An HMAC in a header. */
export interface HmacSignature extends SigningSecret {
  /** Only for a known sender. */
  readonly preset?: undefined;
  /** The header that holds the signature: bare, as `sha256=...`, or in a list as `t=...,v1=...` or `v1,... v1,...`. */
  readonly header: string;
  /**
   * Hash algorithm of the HMAC.
   * @default 'sha256'
   */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  /**
   * Encoding of the signature.
   * @default 'hex'
   */
  readonly encoding?: 'hex' | 'base64';
  /**
   * Encoding of the secret: the text is the key, or the key is base64, with or without the prefix `whsec_`.
   * @default 'text'
   */
  readonly secretEncoding?: 'text' | 'base64';
  /**
   * The header with the time of signing, in seconds or milliseconds since the epoch.
   * @default - `t=` or `ts=` in the signature's header
   */
  readonly timestampHeader?: string;
  /**
   * The header with the request's id, for `{id}` in the payload.
   * @default - none
   */
  readonly idHeader?: string;
  /**
   * What is signed: `{body}`, `{timestamp}`, `{id}`, `{url}`, and `{params}`, the sorted fields of a form, each name
   * followed by its value.
   * @default '{body}' - with a tolerance '{timestamp}.{body}'
   */
  readonly payload?: string;
}

/** The full signature scheme, with everything a preset or a default adds. */
export function schemeOf(signature: WebhookSignature): SignatureScheme {
  const given = {
    ...(signature.tolerance && { tolerance: signature.tolerance.toSeconds() }),
    ...(signature.url !== undefined && { url: signature.url }),
  };
  if (signature.preset !== undefined) return { ...PRESETS[signature.preset], ...given };
  const { header, algorithm = 'sha256', encoding = 'hex', secretEncoding = 'text', tolerance } = signature;
  const { timestampHeader, idHeader, payload = tolerance ? '{timestamp}.{body}' : '{body}' } = signature;
  return { header, algorithm, encoding, secretEncoding, payload, timestampHeader, idHeader, ...given };
}

/** The scheme in the environment of the code that checks signatures. The secret is not part of it. */
export function schemeVariable(signature: WebhookSignature): string {
  return JSON.stringify({ ...schemeOf(signature), field: signature.field });
}

/** A sender's signature scheme. Checks below decide which props go together. */
export const SIGNATURE = object<
  SigningSecret & Omit<PresetSignature, 'preset'> & Omit<HmacSignature, 'preset'> & { preset?: unknown }
>(
  {
    preset: text('stripe'),
    secret: needed(SECRET, SECRET.remedy(undefined)),
    field: filled('signingSecret'),
    tolerance: duration(),
    url: text('https://hooks.example.com/payments'),
    header: text('X-Signature'),
    algorithm: oneOf('sha1', 'sha256', 'sha512'),
    encoding: oneOf('hex', 'base64'),
    secretEncoding: oneOf('text', 'base64'),
    timestampHeader: text('X-Timestamp'),
    idHeader: text('X-Id'),
    payload: text('{timestamp}.{body}'),
  },
  "{ preset: 'stripe', secret }",
);

const BESIDE_PRESET = ['header', 'algorithm', 'encoding', 'secretEncoding', 'timestampHeader', 'idHeader', 'payload'];

/** Checks that a scheme can be verified. */
export function signatureChecks(signature: WebhookSignature): Check[] {
  const { tolerance, url, preset } = signature;
  return [
    ...(preset === undefined ? hmacChecks(signature) : presetChecks(signature)),
    {
      prop: 'signature.tolerance',
      value: tolerance,
      valid: () => tolerance === undefined || (tolerance.toSeconds() >= 1 && tolerance.toSeconds() <= 86_400),
      rule: 'must be 1 second to 1 day',
      remedy: 'choose 5 minutes, as most senders do',
    },
    {
      prop: 'signature.url',
      value: url,
      valid: () => url === undefined || /^https:\/\/[^\s?#]+$/.test(url),
      rule: 'must be a URL that starts with https:// and has no query',
      remedy: "write it as the sender knows it: 'https://hooks.example.com/payments'",
    },
  ];
}

function presetChecks(signature: PresetSignature): Check[] {
  const { preset, tolerance } = signature;
  const scheme = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  const beside = Object.keys(signature).filter((prop) => BESIDE_PRESET.includes(prop));
  return [
    {
      prop: 'signature.preset',
      value: preset,
      valid: () => scheme !== undefined,
      rule: `must be one of ${Object.keys(PRESETS).sort().join(', ')}`,
      remedy: "for another sender, give 'signature.header' and what it signs",
    },
    ...beside.map((prop) => ({
      prop: `signature.${prop}`,
      value: (signature as unknown as Record<string, unknown>)[prop],
      valid: () => false,
      rule: "must not be given with 'signature.preset', which sets it",
      remedy: 'give one of the two',
    })),
    {
      prop: 'signature.tolerance',
      value: tolerance,
      valid: () => tolerance === undefined || scheme === undefined || scheme.tolerance !== undefined,
      rule: `must not be given for '${preset}', which signs no timestamp`,
      remedy: 'leave it out; detect repeated events by their id',
    },
  ];
}

function hmacChecks({ header, tolerance, timestampHeader, idHeader, payload, url }: HmacSignature): Check[] {
  const headers = Object.entries({ header, timestampHeader, idHeader });
  const placeholders = [...(payload ?? '').matchAll(/\{(\w*)\}/g)].map(([, name]) => name!);
  return [
    ...headers
      .filter(([name, value]) => name === 'header' || value !== undefined)
      .map(([name, value]) => ({
        prop: `signature.${name}`,
        value,
        ofType: isUnresolved(value),
        valid: () => typeof value === 'string' && HEADER.test(value),
        rule: isUnresolved(value) ? 'must be a header name, known when the program runs' : 'must be a header name',
        remedy: "write it as 'X-Signature', or name the sender in 'signature.preset'",
      })),
    {
      prop: 'signature.timestampHeader',
      value: timestampHeader,
      valid: () => timestampHeader === undefined || tolerance !== undefined,
      rule: "must not be given without 'signature.tolerance', which it is checked against",
      remedy: "set 'signature.tolerance'",
    },
    {
      prop: 'signature.payload',
      value: payload,
      valid: () => placeholders.every((name) => (PLACEHOLDERS as readonly string[]).includes(name)),
      rule: `must have no other placeholders than ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
      remedy: "write it as the sender signs it: 'v0:{timestamp}:{body}'",
    },
    {
      prop: 'signature.payload',
      value: payload,
      valid: () =>
        payload === undefined ||
        ((placeholders.includes('body') || placeholders.includes('params')) &&
          placeholders.includes('timestamp') === (tolerance !== undefined)),
      rule: `must contain '{body}' or '{params}', and '{timestamp}' ${tolerance ? "as 'signature.tolerance' is given" : "only with 'signature.tolerance'"}`,
      remedy: "write it as the sender signs it: 'v0:{timestamp}:{body}'",
    },
    {
      prop: 'signature.payload',
      value: payload,
      valid: () => payload === undefined || placeholders.includes('id') === (idHeader !== undefined),
      rule: `must ${idHeader === undefined ? "not contain '{id}' without 'signature.idHeader'" : "contain '{id}', as 'signature.idHeader' is given"}`,
      remedy: "set 'signature.idHeader' to the header that holds the id, and sign it",
    },
    {
      prop: 'signature.url',
      value: url,
      valid: () => url === undefined || placeholders.includes('url'),
      rule: "must not be given when 'signature.payload' has no '{url}'",
      remedy: 'leave it out',
    },
  ];
}

/** A header name that can become a message attribute's name. */
export const HEADER = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
