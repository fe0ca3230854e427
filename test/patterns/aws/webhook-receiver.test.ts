import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ServiceFunction, WebhookReceiver, type WebhookReceiverProps, type HmacSignature } from 'lintel/aws';
import 'lintel/testing';

let stack: Stack;
let sources: string;
let handler: string;

beforeAll(() => {
  sources = mkdtempSync(path.join(tmpdir(), 'lintel-webhook-'));
  handler = path.join(sources, 'worker.ts');
  writeFileSync(handler, 'export const handler = async () => ({ batchItemFailures: [] });\n');
});
afterAll(() => rmSync(sources, { recursive: true, force: true }));
beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const receiver = ({
  signature,
  ...props
}: Partial<Omit<WebhookReceiverProps, 'signature'>> & { signature?: Partial<HmacSignature> } = {}) =>
  new WebhookReceiver(stack, 'Payments', {
    handler,
    signature: { header: 'X-Signature', secret: new Secret(stack, 'Secret'), ...signature },
    ...props,
  });
const template = () => Template.fromStack(stack);

test('puts requests into the queue without a function, and answers 202, 413 or 503', () => {
  receiver();
  template().hasResourceProperties('AWS::ApiGateway::Method', {
    HttpMethod: 'POST',
    RequestParameters: { 'method.request.header.X-Signature': false },
    Integration: {
      Type: 'AWS',
      PassthroughBehavior: 'NEVER',
      IntegrationResponses: [
        { StatusCode: '202' },
        { StatusCode: '413', SelectionPattern: '400' },
        { StatusCode: '503', SelectionPattern: '(40[1-9]|5\\d\\d)' },
      ].map(Match.objectLike),
    },
  });
  template().resourceCountIs('AWS::Lambda::Function', 1);
});

test('lets the API send to this queue, and nothing else', () => {
  receiver();
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyName: Match.stringLikeRegexp('ApiRole'),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
        },
      ],
    },
  });
});

test('hands the headers of the signature to the worker, which reads the secret by its ARN', () => {
  receiver({
    signature: { tolerance: Duration.minutes(5), timestampHeader: 'X-Timestamp', payload: 'v0:{timestamp}:{body}' },
  });
  template().hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: {
      RequestTemplates: {
        'application/json': Match.stringLikeRegexp(
          "'x-signature'.*Name=lintel.signature.*'x-timestamp'.*Name=lintel.timestamp",
        ),
      },
    },
  });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        WEBHOOK_SECRET: { Ref: Match.stringLikeRegexp('Secret') },
        WEBHOOK_SCHEME: JSON.stringify({
          header: 'X-Signature',
          algorithm: 'sha256',
          encoding: 'hex',
          secretEncoding: 'text',
          payload: 'v0:{timestamp}:{body}',
          timestampHeader: 'X-Timestamp',
          tolerance: 300,
        }),
      },
    },
  });
});

test('limits the size at the queue, the media types and the rate at the API', () => {
  receiver({
    maxRequestSize: Size.kibibytes(64),
    contentTypes: ['application/json'],
    throttle: { rate: 5, burst: 10 },
  });
  template().hasResourceProperties('AWS::SQS::Queue', { MaximumMessageSize: 65_536 });
  template().hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 })],
  });
  const [method] = Object.values(template().findResources('AWS::ApiGateway::Method'));
  expect(Object.keys(method!.Properties.Integration.RequestTemplates)).toEqual(['application/json']);
});

test('checks before the queue, by choice', () => {
  const own = new ServiceFunction(stack, 'Own', { code: lambda.Code.fromInline('exports.handler = async () => {}') });
  const { gate, worker } = receiver({ verify: 'before-queue', handler: own });
  expect(worker.handler).toBe(own);
  expect(gate).toBeDefined();
  template().hasResourceProperties('AWS::ApiGateway::Method', { Integration: { Type: 'AWS_PROXY' } });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: { WEBHOOK_QUEUE: { Ref: Match.stringLikeRegexp('WorkerQueue') }, WEBHOOK_LIMIT: '262144' },
    },
  });
});

test('gives its URL', () => {
  expect(stack.resolve(receiver().url)).toEqual({ 'Fn::Join': ['', expect.arrayContaining(['https://'])] });
});

test('refuses a function whose handler cannot be wrapped', () => {
  const own = new ServiceFunction(stack, 'Own', { code: lambda.Code.fromInline('x') });
  expect(() => receiver({ handler: own })).toThrow(
    "'handler' must be the path of a module that exports 'handler', because the signature is checked around it, got 'Shop/Own'; give its path, or set 'verify' to 'before-queue' (Shop/Payments)",
  );
});

test.each<[Parameters<typeof receiver>[0], string]>([
  [
    { handler: 'src/missing.ts' },
    "'handler' must be the path of a file, relative to the working directory (there is none at 'src/missing.ts'), got 'src/missing.ts'",
  ],
  [{ signature: { header: 'X Signature' } }, "'signature.header' must be a header name, got 'X Signature'"],
  [
    { signature: { timestampHeader: 'X-Time' } },
    "'signature.timestampHeader' must not be given without 'signature.tolerance'",
  ],
  [{ signature: { tolerance: Duration.days(2) } }, "'signature.tolerance' must be 1 second to 1 day, got 2 days"],
  [
    { signature: { payload: '{timestamp}.{body}' } },
    "'signature.payload' must contain '{body}' or '{params}', and '{timestamp}' only with 'signature.tolerance'",
  ],
  [
    { signature: { payload: '{method}{body}' } },
    "'signature.payload' must have no other placeholders than {body}, {timestamp}, {id}, {url}, {params}, got '{method}{body}'",
  ],
  [
    { signature: { payload: '{id}{body}' } },
    "'signature.payload' must not contain '{id}' without 'signature.idHeader'",
  ],
  [
    { signature: { idHeader: 'X-Id', payload: '{body}' } },
    "'signature.payload' must contain '{id}', as 'signature.idHeader' is given",
  ],
  [{ signature: { url: 'http://a.example.com/' } }, "'signature.url' must be a URL that starts with https://"],
  [
    { signature: { algorithm: 'md5' as 'sha1' } },
    "'signature.algorithm' must be one of 'sha1', 'sha256', 'sha512', got 'md5'",
  ],
  [
    { headers: ['X Event'] },
    "'headers' must be header names, and not start with 'aws' or 'amazon', which attribute names may not",
  ],
  [{ headers: ['X-Event', 'x-event'] }, "'headers' must name each header only once, ignoring case"],
  [
    { headers: 'X-Event' as unknown as string[] },
    "'headers' must be a list, got 'X-Event'; write it as ['X-GitHub-Event']",
  ],
  [
    { headers: Array.from({ length: 9 }, (_, index) => `X-${index}`) },
    "'headers' must be at most 10 including those for the signature, the most a message can have, got 9",
  ],
  [
    { challenge: 'slack' },
    "'challenge' must not be given when requests are queued without being checked first, got 'slack'; set 'verify' to 'before-queue'",
  ],
  [
    { challenge: 'meta', verify: 'before-queue' },
    "'signature.field' must be given with Meta's challenge, whose secret also holds 'verifyToken'",
  ],
  [{ path: 'stripe' }, "'path' must start with a slash, without parameters or a trailing slash, got 'stripe'"],
  [{ path: '/{sender}' }, "'path' must start with a slash, without parameters or a trailing slash"],
  [{ allowFrom: ['192.0.2.1'] }, "'allowFrom' must be CIDR blocks, at least one, got ['192.0.2.1']"],
  [{ verify: 'before' as 'worker' }, "'verify' must be 'worker' or 'before-queue', got 'before'"],
  [{ maxRequestSize: Size.mebibytes(2) }, "'maxRequestSize' must be 1024 to 1048576 bytes, got 2097152"],
  [{ contentTypes: ['json'] }, "'contentTypes' must be media types, at least one, got ['json']"],
  [{ throttle: { rate: 0, burst: 1 } }, "'throttle.rate' must be above 0"],
  [{ signature: { header: undefined } }, "'signature.header' must be a header name, got nothing"],
])('refuses %j', (props, message) => {
  expect(() => receiver(props)).toThrow(message);
});

test('a preset says how its sender signs', () => {
  const secret = new Secret(stack, 'Secret');
  new WebhookReceiver(stack, 'Payments', { handler, signature: { preset: 'slack', secret } });
  template().hasResourceProperties('AWS::ApiGateway::Method', {
    RequestParameters: {
      'method.request.header.X-Slack-Signature': false,
      'method.request.header.X-Slack-Request-Timestamp': false,
    },
  });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: { WEBHOOK_SCHEME: Match.stringLikeRegexp('v0:\\{timestamp\\}:\\{body\\}.*"tolerance":300') },
    },
  });
});

test.each<[Partial<Record<string, unknown>>, string]>([
  [
    { preset: 'strype' },
    "'signature.preset' must be one of github, meta, paddle, shopify, slack, square, standard-webhooks, stripe, twilio, zoom, got 'strype'",
  ],
  [
    { preset: 'stripe', header: 'X-Signature' },
    "'signature.header' must not be given with 'signature.preset', which sets it, got 'X-Signature'",
  ],
  [
    { preset: 'github', tolerance: Duration.minutes(5) },
    "'signature.tolerance' must not be given for 'github', which signs no timestamp, got 5 minutes",
  ],
])('refuses the preset %j', (signature, message) => {
  const secret = new Secret(stack, 'Secret');
  const props = { handler, signature: { secret, ...signature } } as unknown as WebhookReceiverProps;
  expect(() => new WebhookReceiver(stack, 'Payments', props)).toThrow(message);
});

test('several senders post to one API, each to a path of its own', () => {
  const first = receiver({ path: '/stripe' });
  const secret = new Secret(stack, 'Other');
  const second = (path: string, more: Partial<WebhookReceiverProps> = {}) =>
    new WebhookReceiver(stack, `Second${path}`.replace('/', ''), {
      handler,
      signature: { preset: 'github', secret },
      api: first.api,
      path,
      ...more,
    });
  expect(second('/github').api).toBe(first.api);
  template().resourceCountIs('AWS::ApiGateway::RestApi', 1);
  template().resourceCountIs('AWS::SQS::Queue', 4);
  expect(() => second('/stripe')).toThrow("'path' must not be the path of another receiver on 'api', got '/stripe'");
  expect(() => second('/other', { allowFrom: ['192.0.2.0/24'] })).toThrow("'allowFrom' must not be given with 'api'");
});

test('lets only the networks of the sender call, where the team names them', () => {
  receiver({ allowFrom: ['192.0.2.0/24', '2001:db8::/32'] });
  template().hasResourceProperties('AWS::ApiGateway::RestApi', {
    Policy: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'execute-api:Invoke',
          Resource: 'execute-api:/*',
          Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } },
        },
      ],
    },
  });
  expect(stack).toPassRules();
});

test('is reached under a domain, and under no other address', () => {
  const certificate = Certificate.fromCertificateArn(
    stack,
    'Certificate',
    'arn:aws:acm:eu-west-1:123456789012:certificate/1',
  );
  const { url } = receiver({ domain: { name: 'hooks.example.com', certificate }, path: '/payments' });
  template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  expect(stack.resolve(url)).toEqual({ 'Fn::Join': ['', ['https://', { Ref: expect.any(String) }, '/payments']] });
});

test('refuses a secret that is given as text, and does not show it', () => {
  const secret = 'hunter2' as unknown as ISecret;
  expect(() => receiver({ signature: { secret } })).toThrow("'signature.secret' must be a Secrets Manager");
  expect(() => receiver({ signature: { secret } })).not.toThrow('hunter2');
});

test('refuses to be made without a signature', () => {
  const props = { handler } as WebhookReceiverProps;
  expect(() => new WebhookReceiver(stack, 'Payments', props)).toThrow("'signature' must be given, got nothing");
});

test('accepts what is known only at deployment', () => {
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const type = new CfnParameter(stack, 'Type').valueAsString;
  const throttle = { rate: number, burst: number };
  expect(() =>
    receiver({ throttle, contentTypes: [type], signature: { tolerance: Duration.seconds(number) } }),
  ).not.toThrow();
});

test('minimal use', () => {
  receiver();
  expect(stack).toMatchTemplateSnapshot();
});
