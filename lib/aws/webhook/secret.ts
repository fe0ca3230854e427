import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Milliseconds after which the secret is read again, and after which a wrong signature triggers that, in case it was rotated. */
const FRESH = 300_000;
const FRESH_ENOUGH = 30_000;

const client = new SecretsManagerClient({});
let kept: { readonly value: Promise<string>; readonly readAt: number } | undefined;

/** The signing secret, cached for five minutes; `renewed` reads it again unless that happened within the last half minute. */
export async function signingSecret(id: string, field: string | undefined, renewed = false): Promise<string> {
  const age = kept === undefined ? Infinity : Date.now() - kept.readAt;
  if (kept === undefined || age > (renewed ? FRESH_ENOUGH : FRESH)) {
    const reading = { value: read(id), readAt: Date.now() };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = undefined;
    });
  }
  const text = await kept.value;
  if (field === undefined) return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[field];
  if (typeof value !== 'string') throw new Error(`the signing secret has no field '${field}'`);
  return value;
}

async function read(id: string): Promise<string> {
  const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  if (text === undefined) throw new Error('the signing secret is binary; it must be a string');
  return text;
}
