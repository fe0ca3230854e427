import { Token } from 'aws-cdk-lib';
import { looksLikeSecret } from '../../lib/core/plaintext-secret';

// Put together here, so that no scanner of this repository takes the samples for real ones.
const key = (...parts: string[]) => parts.join('');

test.each([
  ['AWS_KEY', key('AKIA', 'IOSFODNN7EXAMPLE'), 'an AWS access key'],
  ['NOTE', `id=${key('ASIA', 'IOSFODNN7EXAMPLE')} in use`, 'an AWS access key'],
  ['CERT', key('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIE'), 'a private key'],
  ['CERT', key('-----BEGIN ', 'PRIVATE KEY-----'), 'a private key'],
  ['X', key('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.c2lnbmF0dXJl'), 'a JSON web token'],
  ['X', key('ghp_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'), 'a GitHub token'],
  ['X', key('xoxb-', '1234567890-abcdefghij'), 'a Slack token'],
  ['X', key('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'), 'a Stripe key'],
  ['X', key('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'), 'a Google API key'],
  ['MODEL', key('sk-', 'proj-abcdefghijklmnopqrst1234'), 'an API key'],
  ['DATABASE_URL', 'postgres://app:hunter2@db.example.com/shop', 'a connection string with a password'],
  ['REDIS', 'redis://:hunter2@cache:6379', 'a connection string with a password'],
  ['CONNECTION', 'Server=db;User Id=app;Password=hunter2;', 'a connection string with a password'],
  ['DB_PASSWORD', 'hunter2', 'a password'],
  ['dbPassword', 'correct horse', 'a password'],
  ['SETTINGS', '{"db":{"password":"hunter2"}}', 'a password'],
  ['SETTINGS', '[{"apiKey":"9f8e7d6c5b4a39281706f5e4"}]', 'an API key'],
  ['API_KEY', '9f8e7d6c5b4a39281706f5e4', 'an API key'],
  ['STRIPE_API_KEY', '123e4567-e89b-12d3-a456-426614174000', 'an API key'],
  ['AWS_SECRET_ACCESS_KEY', key('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'), 'an API key'],
  ['CLIENT_SECRET', 'kJ8x-2mQ9vLr4Tz7', 'a secret'],
  ['AUTH_TOKEN', '0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'a secret'],
])('finds the secret in %s', (name, value, kind) => {
  expect(looksLikeSecret(name, value)).toBe(kind);
});

test.each([
  ['ORDERS', 'shop-orders-7HJ2KQ1'],
  ['DB_SECRET', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf'],
  ['DB_SECRET', '{{resolve:secretsmanager:shop/db:SecretString:password}}'],
  ['DB_PASSWORD', '{{resolve:ssm-secure:/shop/db/password:1}}'],
  ['DB_PASSWORD', '${DB_PASSWORD}'],
  ['DB_PASSWORD', '/shop/db/password'],
  ['DB_PASSWORD', 'shop/db-password'],
  ['DB_PASSWORD_SECRET_NAME', 'shop/prod/database1'],
  ['PASSWORD_POLICY', 'at-least-12-characters'],
  ['PASSWORD_REQUIRED', 'true'],
  ['DATABASE_URL', 'postgres://app@db.example.com:5432/shop'],
  ['DATABASE_URL', 'postgres://app:${PASSWORD}@db.example.com/shop'],
  ['TOKEN_URL', 'https://login.example.com/oauth2/token'],
  ['TOKEN', 'https://login.example.com/a1B2c3D4e5F6g7H8'],
  ['TOKEN_TTL', '3600'],
  ['MAX_TOKENS', '4096'],
  ['TOKEN_TABLE', 'Shop-TokensF00BA4-1X2Y3Z4A5B6C'],
  ['SIGNING_KEY', 'alias/shop-signing-key'],
  ['PARTITION_KEY', 'customerId'],
  ['KMS_KEY_ID', '1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['IDEMPOTENCY_KEY', 'headers.idempotency-key'],
  ['SECRET', 'orders-webhook-secret-v2'],
  ['COMMIT', '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  ['BUILD', '2026-11-21T10:00:00Z'],
  ['CLIENT_ID', '3n4b5urk1ft4fl3mg5e62d9ado'],
  ['NODE_OPTIONS', '--enable-source-maps'],
  ['SETTINGS', '{"retries":3,"tokenTtl":60}'],
  ['SETTINGS', '{not json'],
  ['EMPTY_PASSWORD', ''],
])('takes %s=%s for no secret', (name, value) => {
  expect(looksLikeSecret(name, value)).toBeUndefined();
});

test('does not judge what is known only at deployment, or is no text', () => {
  expect(looksLikeSecret('DB_PASSWORD', Token.asString({ Ref: 'P' }))).toBeUndefined();
  expect(looksLikeSecret('DB_PASSWORD', { Ref: 'P' })).toBeUndefined();
  expect(looksLikeSecret('DB_PASSWORD', 12345678)).toBeUndefined();
});
