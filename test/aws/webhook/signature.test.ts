import { createHmac } from 'node:crypto';
import { signatureFault, type SignatureScheme } from '../../../lib/aws/webhook/signature';

const body = '{"id":"evt_1","text":"größer"}';
const secret = 'whsec_test';
const plain: SignatureScheme = { header: 'X-Signature', algorithm: 'sha256', encoding: 'hex', payload: '{body}' };
const timed: SignatureScheme = { ...plain, payload: '{timestamp}.{body}', tolerance: 300 };
const hmac = (payload: string, encoding: 'hex' | 'base64' = 'hex', algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(payload).digest(encoding);
const now = 1_800_000_000;

test.each<[string, SignatureScheme, string, string?]>([
  ['a bare signature', plain, hmac(body)],
  ['sha256=..., as GitHub writes it', plain, `sha256=${hmac(body)}`],
  ['base64, as Shopify writes it', { ...plain, encoding: 'base64' }, hmac(body, 'base64')],
  ['sha1', { ...plain, algorithm: 'sha1' }, hmac(body, 'hex', 'sha1')],
  ['t=...,v1=..., as Stripe writes it', timed, `t=${now},v1=${hmac(`${now}.${body}`)}`],
  [
    'one of two signatures while the secret is rotated',
    timed,
    `t=${now},v1=${'0'.repeat(64)},v1=${hmac(`${now}.${body}`)}`,
  ],
  [
    'a time in a header of its own, as Slack writes it',
    { ...timed, payload: 'v0:{timestamp}:{body}' },
    `v0=${hmac(`v0:${now}:${body}`)}`,
    `${now}`,
  ],
  ['a time in milliseconds', timed, hmac(`${now}123.${body}`), `${now}123`],
  ['a time at the edge of the tolerance', timed, `t=${now - 300},v1=${hmac(`${now - 300}.${body}`)}`],
])('accepts %s', (...[, scheme, signature, timestamp]) => {
  expect(signatureFault(scheme, secret, { signature, timestamp, body, receivedAt: now })).toBeUndefined();
});

test.each<[string, SignatureScheme, string | undefined, string]>([
  ['no signature', plain, undefined, 'it has no signature'],
  ['an empty signature', plain, '', 'it has no signature'],
  ['a signature of another body', plain, hmac(`${body} `), 'its signature is wrong'],
  [
    'a signature of another secret',
    plain,
    createHmac('sha256', 'other').update(body).digest('hex'),
    'its signature is wrong',
  ],
  ['half of a signature', plain, hmac(body).slice(0, 32), 'its signature is wrong'],
  ['the right signature in upper-case garbage', plain, 'zz'.repeat(32), 'its signature is wrong'],
  ['no time', timed, `v1=${hmac(`.${body}`)}`, 'it has no time of signing'],
  [
    'an old time',
    timed,
    `t=${now - 301},v1=${hmac(`${now - 301}.${body}`)}`,
    'it was signed too long ago, or in the future',
  ],
  [
    'a future time',
    timed,
    `t=${now + 301},v1=${hmac(`${now + 301}.${body}`)}`,
    'it was signed too long ago, or in the future',
  ],
  ['a time that was changed', timed, `t=${now},v1=${hmac(`${now - 9}.${body}`)}`, 'its signature is wrong'],
])('refuses %s', (_, scheme, signature, fault) => {
  expect(signatureFault(scheme, secret, { signature, body, receivedAt: now })).toBe(fault);
});
