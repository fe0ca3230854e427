import { createHmac } from 'node:crypto';
import { PRESETS, type WebhookSender } from '../../../lib/aws/webhook/presets';
import { signatureFault, type SignatureScheme } from '../../../lib/aws/webhook/signature';

const body = '{"id":"evt_1","text":"größer"}';
const secret = 'whsec_test';
const plain: SignatureScheme = {
  header: 'X-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  payload: '{body}',
  secretEncoding: 'text',
};
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

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
  '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

interface Vector {
  readonly secret: string;
  readonly body: string;
  readonly signature: string;
  readonly timestamp?: string;
  readonly id?: string;
  readonly url?: string;
}

/** The examples that the senders publish. */
const published: [WebhookSender, Vector][] = [
  [
    'github',
    {
      secret: "It's a Secret to Everybody",
      body: 'Hello, World!',
      signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
  ],
  [
    'slack',
    {
      secret: '8f742231b10e8888abcd99yyyzzz85a5',
      body: slackBody,
      timestamp: '1531420618',
      signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
  ],
  [
    'standard-webhooks',
    {
      secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
      body: '{"event_type":"ping","data":{"success":true}}',
      id: 'msg_loFOjxBNrRLzqYUf',
      timestamp: '1731705121',
      signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    },
  ],
  [
    'standard-webhooks',
    {
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      body: '{"test": 2432232314}',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: '1614265330',
      signature: 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
  ],
  [
    'twilio',
    {
      secret: '12345',
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
      body: 'To=%2B18005551212&From=%2B14158675309&Digits=1234&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
      signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    },
  ],
];

describe.each(published)("%s's published example", (sender, { secret, ...request }) => {
  const receivedAt = Number(request.timestamp ?? now);

  test('is accepted', () => {
    expect(signatureFault(PRESETS[sender], secret, { ...request, receivedAt })).toBeUndefined();
  });

  test('is refused with another body, another secret, and another id or address', () => {
    const altered = [
      [secret, { ...request, body: `${request.body}&more=1` }],
      [secret.replace(/.$/, 'Z'), request],
      ...(request.id ? [[secret, { ...request, id: 'msg_other' }] as const] : []),
      ...(request.url ? [[secret, { ...request, url: 'https://evil.example.com/' }] as const] : []),
    ] as const;
    for (const [key, changed] of altered) {
      expect(signatureFault(PRESETS[sender], key, { ...changed, receivedAt })).toBe('its signature is wrong');
    }
  });
});

/** Senders without a published example: signed as their pages say, by this test. */
test.each<[WebhookSender, string, Partial<Vector>]>([
  ['meta', `sha256=${hmac(body)}`, {}],
  ['paddle', `ts=${now};h1=${hmac(`${now}:${body}`)}`, {}],
  ['shopify', hmac(body, 'base64'), {}],
  ['square', hmac(`https://hooks.example.com/square${body}`, 'base64'), { url: 'https://hooks.example.com/square' }],
  ['stripe', `t=${now},v1=${hmac(`${now}.${body}`)},v0=${'0'.repeat(64)}`, {}],
  ['zoom', `v0=${hmac(`v0:${now}:${body}`)}`, { timestamp: `${now}` }],
])('%s is accepted as it signs', (sender, signature, more) => {
  const request = { ...more, signature, body, receivedAt: now };
  expect(signatureFault(PRESETS[sender], secret, request)).toBeUndefined();
  expect(signatureFault(PRESETS[sender], `${secret}x`, request)).toBe('its signature is wrong');
});

test('refuses a time of receipt that is unknown', () => {
  const request = { signature: `t=${now},v1=${hmac(`${now}.${body}`)}`, body, receivedAt: NaN };
  expect(signatureFault(timed, secret, request)).toBe('it was signed too long ago, or in the future');
});

test('refuses a request without the id that is signed', () => {
  const request = { signature: 'v1,x', timestamp: `${now}`, body, receivedAt: now };
  expect(signatureFault(PRESETS['standard-webhooks'], secret, request)).toBe('it has no id');
});

test('the address that the team gives goes before the one that was called', () => {
  const scheme = { ...PRESETS.square, url: 'https://hooks.example.com/square' };
  const signature = hmac(`https://hooks.example.com/square${body}`, 'base64');
  const request = { signature, url: 'https://abc.execute-api.eu-west-1.amazonaws.com/live/', body, receivedAt: now };
  expect(signatureFault(scheme, secret, request)).toBeUndefined();
});
