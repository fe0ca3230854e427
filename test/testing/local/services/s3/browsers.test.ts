import { createHmac } from 'node:crypto';
import { GetObjectCommand, GetObjectTaggingCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Fn, type Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

const openTo = (bucket: Bucket, action: string) =>
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: [action],
      resources: [bucket.arnForObjects('*')],
    }),
  );

function buckets(stack: Stack): void {
  const files = new Bucket(stack, 'Files', {
    cors: [
      {
        allowedOrigins: ['https://*.example.com'],
        allowedMethods: [HttpMethods.GET, HttpMethods.POST],
        allowedHeaders: ['content-*'],
        exposedHeaders: ['ETag'],
        maxAge: 600,
      },
      { allowedOrigins: ['*'], allowedMethods: [HttpMethods.PUT] },
    ],
  });
  files.grantPut(inline(stack, 'Uploader', 'exports.handler = async () => {};'), 'in/*');
  openTo(new Bucket(stack, 'Open', { blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY }), 's3:GetObject');
  openTo(new Bucket(stack, 'Closed', { blockPublicAccess: BlockPublicAccess.BLOCK_ALL }), 's3:GetObject');
  openTo(new Bucket(stack, 'ByDefault'), 's3:GetObject');
  const drop = new Bucket(stack, 'Drop', {
    blockPublicAccess: new BlockPublicAccess({ blockPublicPolicy: false, restrictPublicBuckets: false }),
  });
  openTo(drop, 's3:PutObject');
  const few = new Bucket(stack, 'Few');
  few.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [Fn.join('', [few.bucketArn, '/*'])],
      conditions: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    }),
  );
}

let run: LocalRun;
let s3: S3Client;
let endpoint: string;
const nameOf = (bucket: string) => run.nameOf(bucket);
beforeAll(async () => {
  run = await running(shop(buckets));
  s3 = run.client(S3Client);
  ({ endpoint } = run.clientConfig);
  for (const Bucket of ['Files', 'Open', 'Closed', 'ByDefault'].map(nameOf)) {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a.txt', Body: 'hello' }));
  }
});
afterAll(stopRuns);

const read = async (response: Response) => {
  const text = await response.text();
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return { status: response.status, text, code: element('Code'), message: element('Message'), response };
};
const urlOf = (bucket: string, key = '') => `${endpoint}/${nameOf(bucket)}/${key}`;

describe('a request without a signature', () => {
  test('reads what the policy of the bucket gives to everybody', async () => {
    expect(await read(await fetch(urlOf('Open', 'a.txt')))).toMatchObject({ status: 200, text: 'hello' });
  });

  test.each([
    ['a bucket without a policy', 'Files'],
    ['a public policy behind a public access block', 'Closed'],
    ['a public policy of a bucket that says nothing of public access', 'ByDefault'],
  ])('refuses %s', async (_, bucket) => {
    expect(await read(await fetch(urlOf(bucket, 'a.txt')))).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('refuses what the policy does not name, and does not tell what is missing', async () => {
    expect(await read(await fetch(urlOf('Open', 'none')))).toMatchObject({ status: 403, message: 'Access Denied' });
    expect(await read(await fetch(urlOf('Open', 'a.txt'), { method: 'DELETE' }))).toMatchObject({ status: 403 });
    expect(await read(await fetch(urlOf('Open')))).toMatchObject({ status: 403 });
    expect(await read(await fetch(endpoint))).toMatchObject({ status: 403 });
  });

  test('a public policy that the bucket refuses on AWS is listed', () => {
    const reason = 'its policy is public and its public access block refuses that: on AWS the stack fails';
    expect(run.unsupported).toEqual(
      ['Closed', 'ByDefault'].map((id) => ({ resource: `Shop/${id}`, type: 'AWS::S3::Bucket', reason })),
    );
  });
});

describe('CORS', () => {
  const ask = (bucket: string, origin: string | undefined, method: string, headers?: string) =>
    fetch(urlOf(bucket, 'a.txt'), {
      method: 'OPTIONS',
      headers: {
        ...(origin !== undefined && { origin }),
        'access-control-request-method': method,
        ...(headers !== undefined && { 'access-control-request-headers': headers }),
      },
    });

  test('a browser’s question is answered from the template', async () => {
    const { status, headers } = await ask('Files', 'https://shop.example.com', 'POST', 'Content-Type');
    expect([status, Object.fromEntries(headers)]).toEqual([
      200,
      expect.objectContaining({
        'access-control-allow-origin': 'https://shop.example.com',
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'content-type',
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'ETag',
        'access-control-max-age': '600',
        vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
      }),
    ]);
    const anybody = await ask('Files', 'https://else.where', 'PUT');
    expect(anybody.headers.get('access-control-allow-origin')).toBe('*');
    expect(anybody.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each([
    ['another origin', 'Files', 'https://example.org', 'GET', undefined, 403, 'AccessForbidden'],
    ['another method', 'Files', 'https://shop.example.com', 'DELETE', undefined, 403, 'AccessForbidden'],
    ['another header', 'Files', 'https://shop.example.com', 'GET', 'x-amz-acl', 403, 'AccessForbidden'],
    ['a bucket without CORS', 'Open', 'https://shop.example.com', 'GET', undefined, 403, 'AccessForbidden'],
    ['no origin', 'Files', undefined, 'GET', undefined, 400, 'BadRequest'],
    ['no method of S3', 'Files', 'https://shop.example.com', 'PATCH', undefined, 400, 'BadRequest'],
  ])('refuses %s', async (_, bucket, origin, method, headers, status, code) => {
    const answer = await read(await ask(bucket, origin, method, headers));
    expect(answer).toMatchObject({ status, code });
    expect(answer.response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('an answer has the headers of its rule, a refusal as well; without a rule it has none', async () => {
    const from = (origin: string) => fetch(urlOf('Files', 'a.txt'), { headers: { origin } });
    const refused = await from('https://shop.example.com');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect((await from('https://example.org')).headers.get('access-control-allow-origin')).toBeNull();
    const open = await fetch(urlOf('Open', 'a.txt'), { headers: { origin: 'https://shop.example.com' } });
    expect(open.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a form of a browser', () => {
  interface Form {
    readonly bucket?: string;
    readonly conditions?: readonly unknown[];
    readonly fields?: Readonly<Record<string, string>>;
    readonly expires?: number;
    readonly file?: string;
    readonly behind?: Readonly<Record<string, string>>;
    readonly change?: (fields: Record<string, string>) => void;
  }

  /** A form as `createPresignedPost` makes it, sent as a browser does. */
  async function post({ bucket = 'Files', fields = {}, conditions = [], expires = 60_000, ...form }: Form) {
    const keys = run.client(S3Client, 'Uploader').config.credentials;
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await keys();
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = `${now.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const named: Record<string, string> = {
      key: 'in/${filename}',
      ...fields,
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${accessKeyId}/${scope}`,
      'X-Amz-Date': now,
      'X-Amz-Security-Token': sessionToken,
    };
    const policy = {
      expiration: new Date(Date.now() + expires).toISOString(),
      conditions: [
        { bucket: nameOf(bucket) },
        ['starts-with', '$key', 'in/'],
        ...Object.entries(named)
          .filter(([name]) => name.startsWith('X-Amz-'))
          .map(([name, value]) => ({ [name]: value })),
        ...conditions,
      ],
    };
    named.Policy = Buffer.from(JSON.stringify(policy)).toString('base64');
    const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = scope.split('/').reduce<Buffer>(sign, Buffer.from(`AWS4${secretAccessKey}`));
    named['X-Amz-Signature'] = sign(key, named.Policy).toString('hex');
    form.change?.(named);
    const body = new FormData();
    for (const [name, value] of Object.entries(named)) body.append(name, value);
    if (form.file !== '') body.append('file', new Blob([form.file ?? 'content']), 'a b.txt');
    for (const [name, value] of Object.entries(form.behind ?? {})) body.append(name, value);
    return read(await fetch(`${endpoint}/${nameOf(bucket)}`, { method: 'POST', body, redirect: 'manual' }));
  }

  test('puts the file, with the properties of its fields', async () => {
    const fields = {
      'Content-Type': 'text/plain',
      'x-amz-meta-who': 'Ann',
      tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>1 2</Value></Tag></TagSet></Tagging>',
      success_action_status: '201',
    };
    const conditions = [
      ['starts-with', '$Content-Type', 'text/'],
      ['starts-with', '$x-amz-meta-who', ''],
      ['eq', '$tagging', fields.tagging],
      { success_action_status: '201' },
      ['content-length-range', 1, 10],
    ];
    const put = await post({ fields, conditions, behind: { 'x-amz-meta-late': 'not read' } });
    expect(put.status).toBe(201);
    expect(put.text).toContain('<Key>in/a b.txt</Key>');
    const object = { Bucket: nameOf('Files'), Key: 'in/a b.txt' };
    const { Body, ContentType, Metadata } = await s3.send(new GetObjectCommand(object));
    expect([await Body?.transformToString(), ContentType, Metadata]).toEqual(['content', 'text/plain', { who: 'Ann' }]);
    expect((await s3.send(new GetObjectTaggingCommand(object))).TagSet).toEqual([{ Key: 'a', Value: '1 2' }]);
  });

  test('answers 204, or leads on to a page', async () => {
    expect((await post({})).status).toBe(204);
    const success_action_redirect = 'http://127.0.0.1:1/done?a=1';
    const { status, response } = await post({
      fields: { success_action_redirect },
      conditions: [{ success_action_redirect }],
    });
    const location = response.headers.get('location');
    expect([status, location]).toEqual([
      303,
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/done\?a=1&bucket=\S+&key=in%2Fa\+b\.txt&etag=%22\w{32}%22$/),
    ]);
  });

  const message = (text: string) => `Invalid according to Policy: ${text}`;
  test.each<[string, Form, number, string, string?]>([
    [
      'a field that no condition names',
      { fields: { 'x-amz-meta-a': '1' } },
      403,
      'AccessDenied',
      message('Extra input fields: x-amz-meta-a'),
    ],
    [
      'a key that it does not allow',
      { fields: { key: 'out/x' } },
      403,
      'AccessDenied',
      message('Policy Condition failed: [&#34;starts-with&#34;, &#34;$key&#34;, &#34;in/&#34;]'),
    ],
    ['a policy that has expired', { expires: -1000 }, 403, 'AccessDenied', message('Policy expired.')],
    ['a file that is too large', { conditions: [['content-length-range', 0, 3]] }, 400, 'EntityTooLarge'],
    ['a file that is too small', { conditions: [['content-length-range', 100, 200]] }, 400, 'EntityTooSmall'],
    [
      'another type',
      { fields: { 'Content-Type': 'text/html' }, conditions: [['starts-with', '$Content-Type', 'image/']] },
      403,
      'AccessDenied',
    ],
    [
      'another bucket',
      { change: (fields) => void (fields.Policy = Buffer.from('{}').toString('base64')) },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'another signature',
      { change: (fields) => void (fields['X-Amz-Signature'] = '00') },
      403,
      'SignatureDoesNotMatch',
    ],
    ['another token', { change: (fields) => void (fields['X-Amz-Security-Token'] = 'x') }, 400, 'InvalidToken'],
    [
      'a key of nobody',
      { change: (fields) => void (fields['X-Amz-Credential'] = 'AKIA/20260101/us-east-1/s3/aws4_request') },
      403,
      'InvalidAccessKeyId',
    ],
    ['no policy', { change: (fields) => void delete fields.Policy }, 400, 'InvalidArgument'],
    ['no file', { file: '' }, 400, 'InvalidArgument'],
    [
      'a key behind the file',
      { change: (fields) => void delete fields.key, behind: { key: 'in/x' } },
      400,
      'InvalidArgument',
    ],
    ['what the policies of its signer do not allow', { bucket: 'Open' }, 403, 'AccessDenied'],
  ])('refuses %s', async (_, form, status, code, words = '') => {
    expect(await post(form)).toMatchObject({ status, code, message: expect.stringContaining(words) });
  });

  test('needs no policy where the bucket takes uploads from everybody', async () => {
    const form = (key: string) => {
      const body = new FormData();
      body.append('key', key);
      body.append('file', new Blob(['x']), 'x');
      return body;
    };
    const to = (bucket: string) => fetch(`${endpoint}/${nameOf(bucket)}`, { method: 'POST', body: form('dropped') });
    expect((await to('Drop')).status).toBe(204);
    expect((await to('Open')).status).toBe(403);
  });

  test('refuses what is no form', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const sent = await fetch(`${endpoint}/${nameOf('Files')}`, { method: 'POST', headers, body: 'nonsense' });
    expect(await read(sent)).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' });
  });
});
