import { Signer } from '@aws-sdk/rds-signer';
import type { SigningCaller } from '../../../../../lib/testing/local/kernel/keys';
import { isPassword } from '../../../../../lib/testing/local/services/rds/database/password';
import { contains, covers } from '../../../../../lib/testing/local/services/rds/network/rules';
import { whyPinned } from '../../../../../lib/testing/local/services/rds/proxy/pinning';
import { signerOf, type TokenFor } from '../../../../../lib/testing/local/services/rds/token';

const PLACE: TokenFor = {
  host: 'db.proxy-a.eu-west-1.rds.amazonaws.com',
  port: 5432,
  user: 'clerk',
  region: 'eu-west-1',
};
const KEYS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const CALLER: SigningCaller = { ...KEYS, name: 'Shop/App', arn: 'arn', policies: { identity: [] } };

const token = (place: Partial<TokenFor> = {}, keys: typeof KEYS = KEYS) => {
  const { host, port, user, region } = { ...PLACE, ...place };
  return new Signer({ hostname: host, port, username: user, region, credentials: keys }).getAuthToken();
};
const judged = (text: string) => signerOf(text, PLACE, (key) => (key === KEYS.accessKeyId ? CALLER : undefined));

test('a token of the SDK is taken for what it was signed for', async () => {
  expect(judged(await token())).toBe(CALLER);
});

test.each<readonly [string, () => Promise<string>, string]>([
  ['another host', () => token({ host: 'other' }), "the token is for 'other:5432'"],
  ['another port', () => token({ port: 3306 }), "the token is for 'db.proxy-a.eu-west-1.rds.amazonaws.com:3306'"],
  ['another user', () => token({ user: 'owner' }), "the token is for the user 'owner', and 'clerk' connects"],
  ['another region', () => token({ region: 'us-east-1' }), "the token is signed for the region 'us-east-1'"],
  [
    'keys that nobody has',
    () => token({}, { ...KEYS, accessKeyId: 'ASIAOTHER' }),
    'the token was signed with unknown keys',
  ],
  [
    'keys without their session',
    () => token({}, { ...KEYS, sessionToken: 'old' }),
    'the token was signed with unknown keys',
  ],
  ['another secret', () => token({}, { ...KEYS, secretAccessKey: 'guess' }), 'the signature of the token is wrong'],
  [
    'a changed text',
    async () => (await token()).replace('X-Amz-Expires=900', 'X-Amz-Expires=901'),
    'the signature of the token is wrong',
  ],
  ['a password', async () => 'secret', 'the password is not an IAM token'],
])('refuses a token with %s', async (_, made, reason) => {
  expect(judged(await made())).toContain(reason);
});

test('refuses a token after fifteen minutes', async () => {
  const old = await token();
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now');
  clock.mockReturnValue(now + 14 * 60_000);
  expect(judged(old)).toBe(CALLER);
  clock.mockReturnValue(now + 16 * 60_000);
  expect(judged(old)).toMatch(/^the token is 9[56]\d seconds old, and good for 900$/);
  clock.mockRestore();
});

test.each([
  'SET search_path = app',
  '  reset all',
  "SELECT 1; SET work_mem = '8MB'",
  '/* why */ SET x = 1',
  "SELECT set_config('a', 'b', false)",
  'PREPARE p AS SELECT 1',
  'EXECUTE p',
  'DEALLOCATE p',
  'DISCARD ALL',
  'DECLARE c CURSOR FOR SELECT 1',
  'LISTEN jobs',
  'DO $$ BEGIN PERFORM 1; SET x = 1; END $$',
  "LOAD 'auto_explain'",
  'CREATE TEMP TABLE t (id int)',
  'create or replace temporary view v as select 1',
  'SELECT * INTO TEMP t FROM orders',
  "SELECT nextval('ids')",
  'SELECT pg_advisory_lock(1)',
  'SELECT pg_try_advisory_lock_shared(1)',
  `SELECT '${'x'.repeat(16 * 1024)}'`,
])('%.40s pins', (sql) => {
  expect(whyPinned(sql)).toBeDefined();
});

test.each([
  'SELECT $1::int',
  'UPDATE orders SET amount = 1',
  "SELECT 'SET x = 1; LISTEN y'",
  'SELECT 1 -- SET x',
  'SELECT "nextval" FROM t',
  'BEGIN',
  'SELECT pg_advisory_xact_lock(1), pg_try_advisory_xact_lock_shared(2)',
  'NOTIFY jobs',
  'INSERT INTO settings VALUES (1)',
])('%.60s does not pin', (sql) => {
  expect(whyPinned(sql)).toBeUndefined();
});

test('rules are about a protocol, ports, and groups or addresses', () => {
  expect(contains('10.0.0.0/16', '10.0.3.0/24')).toBe(true);
  expect(contains('10.0.0.0/16', '10.1.0.0/24')).toBe(false);
  expect(contains('10.0.3.0/24', '10.0.0.0/16')).toBe(false);
  expect(contains('0.0.0.0/0', '192.168.1.7')).toBe(true);
  expect(contains('fd00::/8', '10.0.0.0/16')).toBe(false);
  const rule = { protocol: 'tcp', from: 5432, to: 5432, group: 'sg-1' };
  const other = { groups: ['sg-1'], cidrs: ['10.0.0.0/24'] };
  expect(covers(rule, 5432, other)).toBe(true);
  expect(covers(rule, 3306, other)).toBe(false);
  expect(covers({ ...rule, protocol: 'udp' }, 5432, other)).toBe(false);
  expect(covers({ ...rule, group: 'sg-2' }, 5432, other)).toBe(false);
  expect(covers({ protocol: '-1', from: 0, to: 0, cidr: '10.0.0.0/16' }, 5432, other)).toBe(true);
});

test('a password is compared with what PostgreSQL keeps of it', () => {
  // Of RFC 7677's example.
  const verifier =
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=';
  expect(isPassword('pencil', verifier)).toBe(true);
  expect(isPassword('pencils', verifier)).toBe(false);
  expect(isPassword('', 'md5abc')).toBe(false);
});
