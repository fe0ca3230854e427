import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { ResourceGraph } from '../../lib/core/model/graph';
import { readGraph } from '../../lib/core/model/read-graph';
import { judge, RULES } from '../../lib/rules';
import { CdkStack } from '../../lib/pulumi/cdk-stack';
import type { CdkStackArgs } from '../../lib/pulumi/cdk-stack-args';
import { released } from '../../lib/pulumi/released';
import { synthesize } from '../../lib/pulumi/synthesize';
import '../../lib/testing/register';

const HANDLER = path.join(__dirname, 'fixtures', 'handler');
const IMAGE = path.join(__dirname, 'fixtures', 'image');

/** Without the built-in validation, which takes a second on its first template. */
const FAST: Pick<CdkStackArgs, 'app'> = { app: { builtinCloudFormationValidation: false } };

const hosted = (
  build: (stack: cdk.Stack) => void,
  args?: Partial<CdkStackArgs>,
  opts?: pulumi.ComponentResourceOptions,
) => new CdkStack('orders', { ...FAST, build, ...args }, opts);

/** The graph of a program that hosts one stack, by name of resource. */
const graphOf = async (...args: Parameters<typeof hosted>) => {
  const graph = await synthesize(() => void hosted(...args), { project: 'shop', stack: 'dev' });
  return Object.fromEntries(graph.resources.map((resource) => [resource.name, resource]));
};

const templateOf = (graph: Awaited<ReturnType<typeof graphOf>>) =>
  JSON.parse(String(graph['orders-stack']!.inputs.templateBody)) as Record<string, Record<string, unknown>>;

const queue = (stack: cdk.Stack) => void new sqs.Queue(stack, 'Queue', { enforceSSL: true });

const handler = (stack: cdk.Stack, id = 'Fn') =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(HANDLER),
  });

describe('a stack without assets', () => {
  test('is one CloudFormation stack below the component, and no bucket', async () => {
    const graph = await graphOf(queue);
    expect(Object.values(graph).map(({ type, name, parent }) => [type, name, parent])).toEqual([
      ['lintel:pulumi:CdkStack', 'orders', undefined],
      ['aws:cloudformation/stack:Stack', 'orders-stack', 'orders'],
    ]);
    expect(graph['orders-stack']!.inputs).toMatchObject({
      name: 'shop-dev-orders',
      capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    });
    expect(graph['orders-stack']!.options).toEqual({ ignoreChanges: ['name'] });
    expect(Object.keys(templateOf(graph))).toEqual(['Resources']);
  });

  test('has name, tags and protection of the CDK stack and of the arguments', async () => {
    const { 'orders-stack': stack } = await graphOf(
      (one) => {
        queue(one);
        cdk.Tags.of(one).add('team', 'cdk');
        cdk.Tags.of(one).add('cost', 'low');
      },
      { stackName: 'Orders', tags: { team: 'pulumi' } },
      { protect: true },
    );
    expect(stack!.inputs).toMatchObject({ name: 'Orders', tags: { team: 'pulumi', cost: 'low' } });
    expect(stack!.options).toEqual({ protect: true });
  });

  test("may be of the team's own class, whose termination protection protects it", async () => {
    class OrdersStack extends cdk.Stack {
      constructor(scope: cdk.App, id: string, props: cdk.StackProps) {
        super(scope, id, { ...props, terminationProtection: true });
        queue(this);
      }
    }
    const graph = await graphOf(() => undefined, {
      build: undefined,
      stack: (app, props) => new OrdersStack(app, 'Own', props),
    });
    expect(graph['orders-stack']!.options).toMatchObject({ protect: true });
    expect(JSON.stringify(templateOf(graph))).toContain('AWS::SQS::Queue');
  });
});

describe('assets', () => {
  test('are uploaded to a private bucket under the hash of their content, before the stack', async () => {
    const graph = await graphOf((stack) => void handler(stack));
    const object = Object.values(graph).find(({ type }) => type === 'aws:s3/bucketObjectv2:BucketObjectv2')!;
    expect(object.inputs).toMatchObject({
      bucket: '${aws:s3/bucket:Bucket::orders/orders-assets.bucket}',
      key: expect.stringMatching(/^[0-9a-f]{64}\.zip$/) as unknown,
      source: { archive: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    });
    expect(object.name).toBe(`orders-${String(object.inputs.key).slice(0, 16)}`);
    expect(graph['orders-stack']!.dependsOn).toContain(`${object.type}::orders/${object.name}`);
    expect(graph['orders-stack']!.inputs.parameters).toEqual({ LintelAssetBucket: object.inputs.bucket });
    expect(templateOf(graph).Resources).toMatchObject({
      Fn9270CBC0: { Properties: { Code: { S3Bucket: { Ref: 'LintelAssetBucket' }, S3Key: object.inputs.key } } },
    });
    expect(graph['orders-assets-access']!.inputs).toMatchObject({
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    });
    expect(graph['orders-assets-policy']!.inputs.policy).toContain('"aws:SecureTransport":"false"');
  });

  test('are uploaded once, however often they are used', async () => {
    const graph = await graphOf((stack) => void [handler(stack, 'A'), handler(stack, 'B')]);
    expect(Object.values(graph).filter(({ type }) => type.startsWith('aws:s3/bucketObject'))).toHaveLength(1);
  });

  test('go to the given bucket', async () => {
    const graph = await graphOf((stack) => void handler(stack), { assetBucket: 'my-assets' });
    expect(graph).not.toHaveProperty('orders-assets');
    expect(graph['orders-stack']!.inputs.parameters).toEqual({ LintelAssetBucket: 'my-assets' });
  });

  test('include the templates of nested stacks, which are told the bucket', async () => {
    const graph = await graphOf((stack) => {
      const nested = new cdk.NestedStack(stack, 'Nested');
      handler(nested);
    });
    const template = Object.values(graph).find(({ inputs }) => inputs.contentType === 'application/json')!;
    expect(String(template.inputs.content)).toContain('AWS::Lambda::Function');
    expect(String(template.inputs.content)).toContain('referencetoordersLintelAssetBucket');
    const nested = Object.values(templateOf(graph).Resources!).find(
      (one) => Object(one).Type === 'AWS::CloudFormation::Stack',
    );
    expect(nested).toMatchObject({
      Properties: {
        TemplateURL: {
          'Fn::Join': ['', expect.arrayContaining([{ Ref: 'LintelAssetBucket' }, `/${String(template.inputs.key)}`])],
        },
        Parameters: { referencetoordersLintelAssetBucketEBE37B8DRef: { Ref: 'LintelAssetBucket' } },
      },
    });
  });

  test('refuses Docker images', async () => {
    const program = graphOf((stack) => {
      new lambda.DockerImageFunction(stack, 'Fn', { code: lambda.DockerImageCode.fromImageAsset(IMAGE) });
    });
    await expect(program).rejects.toThrow('a CdkStack must not build Docker images');
  });
});

describe('a template over 51,200 bytes', () => {
  const large = (stack: cdk.Stack) => {
    for (let n = 0; n < 400; n++) new sqs.CfnQueue(stack, `Queue${n}`, { queueName: `queue-${n}-${'x'.repeat(70)}` });
    new cdk.CfnOutput(stack, 'Name', { value: 'orders' });
  };

  test('is uploaded, and read from the bucket by its region', async () => {
    const graph = await graphOf(large);
    const { key, content } = graph['orders-template']!.inputs;
    expect(Buffer.byteLength(String(content))).toBeGreaterThan(51_200);
    expect(graph['orders-stack']!.inputs).not.toHaveProperty('templateBody');
    expect(graph['orders-stack']!.inputs.templateUrl).toBe(
      `https://\${aws:s3/bucket:Bucket::orders/orders-assets.bucketRegionalDomainName}/${String(key)}`,
    );
  });

  test('is read from the given bucket by the region that AWS names', async () => {
    const { resources } = await synthesize(() => void hosted(large, { assetBucket: 'my-assets' }), {
      calls: (token, { bucket }) =>
        token === 'aws:s3/getBucket:getBucket'
          ? { bucketRegionalDomainName: `${String(bucket)}.s3.eu-west-1.amazonaws.com` }
          : undefined,
    });
    const stack = resources.find(({ name }) => name === 'orders-stack')!;
    expect(stack.inputs.templateUrl).toMatch(
      /^https:\/\/my-assets\.s3\.eu-west-1\.amazonaws\.com\/[0-9a-f]{64}\.json$/,
    );
  });
});

describe('parameters and outputs', () => {
  const withParameters = (stack: cdk.Stack) => {
    queue(stack);
    const stage = new cdk.CfnParameter(stack, 'Stage');
    const password = new cdk.CfnParameter(stack, 'Password', { noEcho: true, default: 'x' });
    new cdk.CfnOutput(stack, 'Url', { value: `https://${stage.valueAsString}.example.com` });
    new cdk.CfnOutput(stack, 'Dsn', { value: `postgres://app:${password.valueAsString}@db` });
  };

  test('outputs are Pulumi outputs that a Worker can be bound to', async () => {
    const { resources } = await synthesize(() => {
      const orders = hosted(withParameters, { parameters: { Stage: 'dev' } });
      const bindings = [{ type: 'plain_text', name: 'ORIGIN', text: orders.output('Url') }];
      new cloudflare.WorkersScript('w', {
        accountId: 'a',
        scriptName: 'w',
        content: 'x',
        mainModule: 'i.js',
        bindings,
      });
    });
    const worker = resources.find(({ name }) => name === 'w')!;
    expect(worker.inputs.bindings).toEqual([
      {
        type: 'plain_text',
        name: 'ORIGIN',
        text: '${aws:cloudformation/stack:Stack::orders/orders-stack.outputs/Url}',
      },
    ]);
    expect(worker.secrets).toEqual([]);
  });

  test('what is made of a NoEcho parameter is a secret, on its way in and out', async () => {
    const graph = await synthesize(() => {
      const orders = hosted(withParameters, { parameters: { Stage: 'dev', Password: 'correct-horse-battery' } });
      return { dsn: orders.output('Dsn'), url: orders.output('Url') };
    });
    const stack = graph.resources.find(({ name }) => name === 'orders-stack')!;
    expect(stack.secrets).toEqual(['parameters.Password']);
    expect(stack.options).toMatchObject({ additionalSecretOutputs: ['outputs'] });
    expect(graph.outputs).toMatchObject({ dsn: '${secret}', url: expect.stringContaining('outputs/Url') as unknown });
    expect(JSON.stringify(graph)).not.toContain('correct-horse-battery');
  });

  test.each<[string, (stack: cdk.Stack) => string]>([
    ['a dynamic reference', () => cdk.SecretValue.secretsManager('db').unsafeUnwrap()],
    [
      'the secret of an access key',
      (stack) => new iam.CfnAccessKey(stack, 'Key', { userName: 'u' }).attrSecretAccessKey,
    ],
    ['such a secret inside a text', (stack) => cdk.Fn.sub('x-${Key.SecretAccessKey}', { Other: stack.region })],
  ])('an output made of %s is a secret', async (_what, value) => {
    const { outputs } = await synthesize(() => {
      const orders = hosted((stack) => {
        queue(stack);
        if (!stack.node.tryFindChild('Key')) new iam.CfnUser(stack, 'User');
        new cdk.CfnOutput(stack, 'Value', { value: value(stack) });
        if (!stack.node.tryFindChild('Key')) new iam.CfnAccessKey(stack, 'Key', { userName: 'u' });
      });
      return { value: orders.output('Value') };
    });
    expect(outputs).toEqual({ value: '${secret}' });
  });

  test('refuses an output that the template does not have', async () => {
    await expect(
      synthesize(() => hosted(withParameters, { parameters: { Stage: 'x' } }).output('Ulr')),
    ).rejects.toThrow("'Ulr' must be an output of the stack, got 'Url', 'Dsn'; add a CfnOutput (orders)");
  });

  test('refuses parameters that do not fit the template, all at once', async () => {
    const error = await graphOf(withParameters, { parameters: { Stages: 'x' } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(pulumi.InputPropertiesError);
    expect((error as Error).message).toBe(
      "'parameters.Stages' must be a parameter of the template, got 'Stages'; it has 'Stage', 'Password' (orders)\n" +
        "'parameters.Stage' must be given, as the template has no default for it, got nothing; set it (orders)",
    );
  });
});

describe('what is wrong with a stack', () => {
  test.each<[string, Partial<CdkStackArgs>, string]>([
    ['nothing to build', { build: undefined }, "'build' must be given, or else 'stack', but not both, got nothing"],
    ['a name that CloudFormation does not take', { stackName: '1st' }, "'stackName' must be at most 128 letters"],
    [
      'an error that a construct reports',
      { build: (stack) => cdk.Annotations.of(stack).addError('no queue here') },
      'no queue here (orders)',
    ],
    [
      'a second stack',
      { build: (stack) => void queue(new cdk.Stack(cdk.App.of(stack), 'Other')) },
      'a CdkStack must contain only one stack',
    ],
    [
      'a class that drops its props',
      { build: undefined, stack: (app) => new cdk.Stack(app, 'Own') },
      "'stack' must pass its props on",
    ],
    [
      'a value that needs a lookup',
      {
        env: { account: '111111111111', region: 'eu-west-1' },
        build: (stack) => void cdk.ContextProvider.getValue(stack, { provider: 'ami', dummyValue: 'x' }),
      },
      "'app.context' must have the values that constructs look up",
    ],
    [
      'what its own code throws',
      {
        build: () => {
          throw new Error('by design');
        },
      },
      'by design',
    ],
  ])('is refused: %s', async (_what, args, message) => {
    await expect(graphOf(queue, args)).rejects.toThrow(message);
  });

  test('is refused: what a validation plugin finds, and its report is the message', async () => {
    const plugin: cdk.IPolicyValidationPluginBeta1 = {
      name: 'acme',
      validate: ({ templatePaths }) => ({
        success: false,
        violations: [
          {
            ruleName: 'NoQueues',
            description: 'there must be no queues',
            violatingResources: [
              { resourceLogicalId: 'Queue4A7E3555', templatePath: templatePaths[0]!, locations: [] },
            ],
          },
        ],
      }),
    };
    const stack: CdkStackArgs['stack'] = (app, props) => {
      cdk.Validations.of(app).addPlugins(plugin);
      const own = new cdk.Stack(app, 'Own', props);
      queue(own);
      return own;
    };
    await expect(graphOf(queue, { build: undefined, stack })).rejects.toThrow('there must be no queues');
  });

  test('is shown: what a construct warns of', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    await graphOf((stack) => {
      queue(stack);
      cdk.Annotations.of(stack).addWarningV2('acme:slow', 'this is slow');
    });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('this is slow'));
    warn.mockRestore();
  });
});

describe('rules see', () => {
  const functionsIn = async (...args: Parameters<typeof hosted>) => {
    const graph = await synthesize(() => void hosted(...args), { project: 'shop', stack: 'dev' });
    const model = readGraph(graph, { name: 'shop/dev' });
    return model.ofType('AWS::Lambda::Function').map(({ path: one }) => one);
  };

  test('what is in the stack', async () => {
    expect(await functionsIn((stack) => void handler(stack))).toEqual(['orders/Fn/Resource']);
  });

  test('what is in a nested stack', async () => {
    const nested = (stack: cdk.Stack) => void handler(new cdk.NestedStack(stack, 'Nested'));
    expect(await functionsIn(nested)).toEqual(['orders/Nested/Fn/Resource']);
  });

  test.each([undefined, 'my-assets'])('what is in a template that is uploaded (bucket: %s)', async (assetBucket) => {
    const large = (stack: cdk.Stack) => {
      handler(stack);
      for (let n = 0; n < 400; n++) new sqs.CfnQueue(stack, `Queue${n}`, { queueName: `queue-${n}-${'x'.repeat(70)}` });
    };
    expect(await functionsIn(large, { assetBucket })).toEqual(['orders/Fn/Resource']);
  });
});

describe('in a preview', () => {
  const preview = { project: 'shop', stack: 'pr-17', config: { 'lintel:preview': 'true' } };
  const data = (scope: IConstruct) => {
    const removalPolicy = cdk.RemovalPolicy.RETAIN;
    new dynamodb.TableV2(scope as cdk.Stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      deletionProtection: true,
      removalPolicy,
    });
    new rds.CfnDBCluster(scope as cdk.Stack, 'Cluster', { engine: 'aurora-postgresql', deletionProtection: true });
  };
  const build = (stack: cdk.Stack) => {
    data(stack);
    data(new cdk.NestedStack(stack, 'Nested'));
  };
  const args = { stackName: 'shop', stack: undefined };
  const texts = (graph: ResourceGraph) =>
    graph.resources.map(({ inputs }) => String(inputs.templateBody ?? inputs.content ?? '')).filter(Boolean);

  test('nothing of a stack refuses to be deleted or is kept, in nested stacks neither', async () => {
    const program = () => void hosted(build, args, { protect: true });
    const [kept, gone] = [await synthesize(program, { ...preview, config: {} }), await synthesize(program, preview)];
    const marks = /"(?:Retain|Snapshot)"|"DeletionProtection(?:Enabled)?":true/g;
    expect(texts(kept).map((text) => text.replace(/\s/g, '').match(marks)?.length)).toEqual([4, 4]);
    expect(texts(gone).map((text) => text.match(marks))).toEqual([null, null]);
    expect(
      texts(gone)
        .join()
        .match(/"DeletionPolicy":"Delete"/g),
    ).toHaveLength(5); // with that of the nested stack itself
    expect(gone.resources.filter(({ options }) => options.protect === true)).toEqual([]);
    const nameOf = (graph: ResourceGraph) => graph.resources.find(({ name }) => name === 'orders-stack')!.inputs.name;
    expect([nameOf(kept), nameOf(gone)]).toEqual(['shop', 'shop-pr-17']);
  });

  test.each([
    [{ LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] }, '"Value":"false"'],
    [{ DeletionProtection: { Mode: 'ENABLED' } }, '"Mode":"DISABLED"'],
    [{ DeletionProtection: 'ACTIVE' }, '"DeletionProtection":"INACTIVE"'],
    [{ DeletionProtection: 'true' }, '"DeletionProtection":"false"'],
    [{ DeleteProtection: true }, '"DeleteProtection":false'],
    [{ Instances: { TerminationProtected: true } }, '"TerminationProtected":false'],
    [
      { DeletionProtection: { Ref: 'Protect' }, Enabled: true },
      '{"DeletionProtection":{"Ref":"Protect"},"Enabled":true}',
    ],
  ])('of %j nothing refuses to be deleted', (Properties, text) => {
    expect(JSON.stringify(released({ Resources: { One: { Type: 'AWS::A::B', Properties } } }))).toContain(text);
  });

  test('refuses to put templates of nested stacks under their names into a bucket of others', async () => {
    const shared = () => void hosted(build, { assetBucket: 'my-assets' });
    await expect(synthesize(shared, preview)).rejects.toThrow(
      "'assetBucket' must be left out in a preview of a stack with nested stacks",
    );
    await expect(synthesize(shared, { ...preview, config: {} })).resolves.toBeDefined();
  });

  test('refuses to be one in another stack', async () => {
    await expect(synthesize(() => void hosted(build), { ...preview, stack: 'prod' })).rejects.toThrow(
      "'lintel:preview' must be set only for stacks whose names begin with 'pr-' or 'preview-', got 'prod'",
    );
  });
});

describe('what was acknowledged on a construct', () => {
  const queueOf = (stack: cdk.Stack) => new sqs.CfnQueue(stack, 'Jobs', { sqsManagedSseEnabled: false });
  const id = 'Lintel::QueueEncryption';
  const judged = async (build: (stack: cdk.Stack) => void) => {
    const graph = await synthesize(() => {
      hosted(build);
      new CdkStack('refunds', { ...FAST, stack: (app, props) => new Refunds(app, 'orders', props) });
    });
    const { findings, acknowledged } = judge(readGraph(graph), { rules: RULES });
    const of = (all: readonly { rule: string; template: string; path?: string }[]) =>
      all
        .filter(({ rule }) => /^(QueueEncryption|.*Acknowledgement)$/.test(rule))
        .map(({ rule, template }) => [rule, template]);
    return { findings: of(findings), acknowledged: of(acknowledged) };
  };
  class Refunds extends cdk.Stack {
    constructor(...args: ConstructorParameters<typeof cdk.Stack>) {
      super(...args);
      queueOf(this);
    }
  }
  const [orders, refunds] = ['orders', 'refunds'].map(
    (name) => `program/aws:cloudformation/stack:Stack::${name}/${name}-stack`,
  );

  test.each<[string, (stack: cdk.Stack) => IConstruct]>([
    ['the resource', queueOf],
    ['the stack', (stack) => (queueOf(stack), stack)],
  ])('on %s holds for that stack, and for no other of the same paths', async (_where, build) => {
    const acknowledge = (stack: cdk.Stack) =>
      cdk.Validations.of(build(stack)).acknowledge({ id, reason: 'public data; expires 2999-01-01' });
    expect(await judged(acknowledge)).toEqual({
      findings: [['QueueEncryption', refunds]],
      acknowledged: [['QueueEncryption', orders]],
    });
  });

  test('says so where it has expired', async () => {
    const { findings } = await judged((stack) =>
      cdk.Validations.of(queueOf(stack)).acknowledge({ id, reason: 'public data; expires 2020-01-01' }),
    );
    expect(findings.map(([rule]) => rule).sort()).toEqual([
      'ExpiredAcknowledgement',
      'QueueEncryption',
      'QueueEncryption',
    ]);
  });
});

test('its graph is the same for twenty at once', async () => {
  const graphs = await Promise.all(
    Array.from({ length: 20 }, () => synthesize(() => void hosted((stack) => void handler(stack)))),
  );
  expect(new Set(graphs.map((graph) => JSON.stringify(graph))).size).toBe(1);
  expect(graphs[0]).toMatchGraphSnapshot();
});

test('CDK is loaded when a stack is hosted, and not by a program without one', () => {
  const script = `
    const loaded = () => Object.keys(require.cache).some((file) => /node_modules.aws-cdk-lib/.test(file));
    const { CdkStack, synthesize } = require('./lib/pulumi/index.ts');
    console.log(loaded());
    synthesize(() => void new CdkStack('s', { build: () => undefined, app: { builtinCloudFormationValidation: false } }))
      .then(() => console.log(loaded()));`;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: path.join(__dirname, '../..'),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(output.trim().split('\n')).toEqual(['false', 'true']);
});

describe('arguments of another type', () => {
  test.each<[string, object | undefined, string]>([
    ['none', undefined, "'build' must be given, or else 'stack', but not both, got nothing"],
    [
      'a build that is no function',
      { build: 'shop' },
      "'build' must be a function, got 'shop'; write it as (stack) =>",
    ],
    ['a misspelt name', { build: queue, stackname: 'x' }, "did you mean 'stackName'? (orders)"],
    ['a region as env', { build: queue, env: 'eu-west-1' }, "'env' must be an object, got 'eu-west-1'; write it as {"],
    ['tags in a list', { build: queue, tags: ['a'] }, "'tags' must be an object with a name for each, got ['a']"],
    ['a number as a parameter', { build: queue, parameters: { Size: 5 } }, "'parameters.Size' must be a string, got 5"],
  ])('refuses %s', (_, args, message) => {
    expect(() => new CdkStack('orders', args as CdkStackArgs)).toThrow(message);
  });
});
