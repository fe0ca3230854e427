import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

let run: LocalRun;
let s3: S3Client;
let Files: string;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const files = new Bucket(stack, 'Files');
      files.grantRead(inline(stack, 'Reader', 'exports.handler = async () => {};'));
    }),
  );
  s3 = run.client(S3Client);
  Files = run.nameOf('Files');
  await s3.send(new PutObjectCommand({ Bucket: Files, Key: 'a=b&c/d e+f', Body: 'hello' }));
});
afterAll(stopRuns);

type Options = Parameters<typeof getSignedUrl>[2];
const download = (input: object = {}, options?: Options, client = s3) =>
  getSignedUrl(client, new GetObjectCommand({ Bucket: Files, Key: 'a=b&c/d e+f', ...input }), options);
const upload = (input: object = {}, options?: Options, client = s3) =>
  getSignedUrl(client, new PutObjectCommand({ Bucket: Files, Key: 'up', ...input }), options);

const answerTo = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, text, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], headers: response.headers };
};

test('a download of a key with =, & and spaces, with the headers that it asks for', async () => {
  const url = await download({ ResponseContentDisposition: 'attachment; filename="x.txt"' });
  const { text, headers } = await answerTo(url);
  expect([text, headers.get('content-length'), headers.get('content-disposition')]).toEqual([
    'hello',
    '5',
    'attachment; filename="x.txt"',
  ]);
});

test('an upload, with whatever type the sender gives it', async () => {
  const url = await upload();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await answerTo(url, { method: 'PUT', body: 'Action=SendMessage', headers })).toMatchObject({ status: 200 });
  const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket: Files, Key: 'up' }));
  expect([await Body!.transformToString(), ContentType]).toEqual(['Action=SendMessage', headers['content-type']]);
});

test('metadata and tags of the URL are the object’s', async () => {
  const url = await upload(
    { Metadata: { who: 'Ann' }, Tagging: 'a=1' },
    { hoistableHeaders: new Set(['x-amz-meta-who', 'x-amz-tagging']) },
  );
  expect(await answerTo(url, { method: 'PUT', body: 'x' })).toMatchObject({ status: 200 });
  const { Metadata, TagCount } = await s3.send(new GetObjectCommand({ Bucket: Files, Key: 'up' }));
  expect([Metadata, TagCount]).toEqual([{ who: 'Ann' }, 1]);
});

describe('refuses', () => {
  test('a parameter more, a parameter less, or another one', async () => {
    const url = await download({ ResponseContentType: 'text/plain' });
    const changed = [
      `${url}&versionId=1`,
      url.replace('text%2Fplain', 'text%2Fhtml'),
      url.replace(/&response-content-type=[^&]*/, ''),
    ];
    for (const one of changed)
      expect(await answerTo(one)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  test('another key, and another method', async () => {
    const url = await download();
    expect(await answerTo(url.replace('d%20e', 'd%20x'))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    expect(await answerTo(url, { method: 'DELETE' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test('a signed header that is missing or has another value', async () => {
    const url = await upload({ ContentType: 'image/png' }, { signableHeaders: new Set(['content-type']) });
    const send = (headers: Record<string, string>) => answerTo(url, { method: 'PUT', body: 'x', headers });
    expect(await send({ 'content-type': 'image/png' })).toMatchObject({ status: 200 });
    expect(await send({ 'content-type': 'text/html' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test('a header of S3 that nobody signed', async () => {
    const headers = { 'x-amz-meta-who': 'Eve' };
    expect(await answerTo(await upload(), { method: 'PUT', body: 'x', headers })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('<HeadersNotSigned>x-amz-meta-who</HeadersNotSigned>') as string,
    });
  });

  test('a body that is not the one of the checksum that was signed', async () => {
    const hash = createHash('sha256').update('right').digest('base64');
    const url = await upload({ ChecksumSHA256: hash }, { unhoistableHeaders: new Set(['x-amz-checksum-sha256']) });
    const send = (body: string, headers = { 'x-amz-checksum-sha256': hash }) =>
      answerTo(url, { method: 'PUT', body, headers });
    expect(await send('right')).toMatchObject({ status: 200 });
    expect(await send('wrong')).toMatchObject({ status: 400, code: 'BadDigest' });
    const other = createHash('sha256').update('wrong').digest('base64');
    expect(await send('wrong', { 'x-amz-checksum-sha256': other })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test('what has expired, is of the future, or lives for more than a week', async () => {
    const made = (seconds: number, expiresIn: number) =>
      download({}, { expiresIn, signingDate: new Date(Date.now() + seconds * 1000) });
    expect(await answerTo(await made(-61, 60))).toMatchObject({
      code: 'AccessDenied',
      text: expect.stringContaining('Request has expired') as string,
    });
    expect(await answerTo(await made(-55, 60))).toMatchObject({ status: 200 });
    expect(await answerTo(await made(3600, 60))).toMatchObject({ status: 403, code: 'AccessDenied' });
    const long = (await made(0, 604_800)).replace('X-Amz-Expires=604800', 'X-Amz-Expires=604801');
    expect(await answerTo(long)).toMatchObject({ status: 400, code: 'AuthorizationQueryParametersError' });
  });

  test('another port in the Host header than the one that was signed', async () => {
    const url = new URL(await download());
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await statusFor(url.host)).toBe(200);
    expect(await statusFor(url.hostname)).toBe(403);
    expect(await statusFor(`${url.hostname}:1`)).toBe(403);
  });

  test('signatures of version 2, and none at all', async () => {
    const plain = (await download()).split('?')[0]!;
    expect(await answerTo(`${plain}?AWSAccessKeyId=A&Expires=1&Signature=b`)).toMatchObject({ code: 'InvalidRequest' });
    expect(await answerTo(plain)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('what whoever signed may not do: a URL is as good as its signer', async () => {
    const reader = run.client(S3Client, 'Reader');
    expect(await answerTo(await download({}, undefined, reader))).toMatchObject({ status: 200 });
    expect(await answerTo(await upload({}, undefined, reader), { method: 'PUT', body: 'x' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('s3:PutObject') as string,
    });
  });
});
