import * as pulumi from '@pulumi/pulumi';
import type { Program } from '../../lib/pulumi/program';
import { synthesize } from '../../lib/pulumi/synthesize';

/** A resource of Pulumi's AWS provider by its token, with the outputs that its class declares. */
class Aws extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  declare readonly role: pulumi.Output<string>;
  declare readonly invokeArn: pulumi.Output<string>;
  declare readonly subnets: pulumi.Output<string[]>;
  declare readonly invokeUrl: pulumi.Output<string>;
  constructor(type: string, name: string, args: pulumi.Inputs = {}, opts?: pulumi.CustomResourceOptions) {
    const outputs = ['arn', 'name', 'role', 'invokeArn', 'subnets', 'invokeUrl'].map((output) => [output, undefined]);
    super(`aws:${type}`, name, { ...Object.fromEntries(outputs), ...args }, opts);
  }
}
const role = () => new Aws('iam/role:Role', 'role', { assumeRolePolicy: '{}' });
const queue = () => new Aws('sqs/queue:Queue', 'q');

const inputsOf = async (name: string, program: Program, options?: Parameters<typeof synthesize>[1]) =>
  (await synthesize(program, options)).resources.find((resource) => resource.name === name)!.inputs;
const outputsOf = async (program: Program, options?: Parameters<typeof synthesize>[1]) =>
  (await synthesize(program, options)).outputs;
const call = <T>(token: string, inputs: pulumi.Inputs = {}) => pulumi.runtime.invoke(token, inputs) as Promise<T>;
const REF = '${aws:sqs/queue:Queue::q.arn}';

describe('a resource that is an input', () => {
  test('is its id, for a reader, for what is made of it and for what asks for its state', async () => {
    const graph = await synthesize(() => {
      const first = new Aws('lambda/function:Function', 'fn', { role: role() });
      new Aws('lambda/permission:Permission', 'permission', { function: first, lists: [{ deep: first }] });
      return { role: first.role, itself: first };
    });
    const byName = (name: string) => graph.resources.find((resource) => resource.name === name)!.inputs;
    expect(byName('fn')).toEqual({ role: '${aws:iam/role:Role::role.id}' });
    expect(byName('permission')).toEqual({
      function: '${aws:lambda/function:Function::fn.id}',
      lists: [{ deep: '${aws:lambda/function:Function::fn.id}' }],
    });
    expect(graph.outputs.role).toBe('${aws:iam/role:Role::role.id}');
  });

  test('may be a component, or among its arguments', async () => {
    class Team extends pulumi.ComponentResource {
      readonly fn: Aws;
      constructor(name: string, args: { role: pulumi.Input<Aws> }) {
        super('acme:index:Team', name, args);
        this.fn = new Aws('lambda/function:Function', 'fn', { role: args.role }, { parent: this });
        this.registerOutputs({ fn: this.fn });
      }
    }
    const graph = await synthesize(() => {
      const team = new Team('team', { role: role() });
      new Aws('lambda/permission:Permission', 'permission', { team, function: team.fn });
    });
    const permission = graph.resources.find(({ name }) => name === 'permission')!;
    expect(permission.inputs).toEqual({
      team: { resource: 'acme:index:Team::team' },
      function: '${aws:lambda/function:Function::team/fn.id}',
    });
    expect(graph.resources.find(({ name }) => name === 'fn')!.inputs.role).toBe('${aws:iam/role:Role::role.id}');
  });

  test('may be asked for by its URN', async () => {
    const outputs = await outputsOf(async () => {
      const first = new Aws('sqs/queue:Queue', 'q', { delaySeconds: 5 });
      const urn = await (first.urn as unknown as { promise(): Promise<string> }).promise();
      return { arn: new Aws('sqs/queue:Queue', 'q', {}, { urn }).arn };
    });
    expect(outputs).toEqual({ arn: REF });
  });

  test('of a provider elsewhere is a part of the graph that says so', async () => {
    const { resources } = await synthesize(() => {
      const vpc = new pulumi.ComponentResource('awsx:ec2:Vpc', 'vpc', { role: role() }, {}, true);
      new pulumi.ComponentResource('acme:index:Team', 'team', {}, { parent: vpc });
    });
    expect(resources.find(({ name }) => name === 'vpc')!.options).toEqual({ remote: true });
    expect(resources.find(({ name }) => name === 'team')!.options).toEqual({});
  });
});

describe('what a program does with a text that only the deployment knows', () => {
  const of = async (run: (arn: string) => unknown) => (await outputsOf(() => ({ x: queue().arn.apply(run) }))).x;

  test.each<[string, (arn: string) => unknown, unknown]>([
    ['puts it into a text', (arn) => `${arn}/*`, `${REF}/*`],
    [
      'puts it into a document',
      (arn) => JSON.stringify({ Resource: [arn, `${arn}/*`] }),
      `{"Resource":["${REF}","${REF}/*"]}`,
    ],
    ['gives it a name', (arn) => ({ [arn]: [arn] }), { [REF]: [REF] }],
    ['hands it on as an output', (arn) => pulumi.output(`x-${arn}`), `x-${REF}`],
    ['gives something that has nothing to do with it', () => 'eu-west-1', 'eu-west-1'],
  ])('carries through what %s', async (_what, run, expected) => {
    expect(await of(run)).toEqual(expected);
  });

  test.each<[string, (arn: string) => unknown]>([
    ['takes a part of it', (arn) => arn.split(':')[5]],
    ['takes its end', (arn) => arn.split(':').pop()],
    ['takes its beginning', (arn) => arn.slice(0, 3)],
    ['puts a part of it into a document', (arn) => JSON.stringify({ account: arn.split(':')[4] })],
    ['removes something from it', (arn) => arn.replace('https://', '')],
    ['compares it', (arn) => arn.startsWith('arn:')],
    ['counts it', (arn) => arn.length],
    ['changes its letters', (arn) => arn.toUpperCase()],
    ['writes it otherwise', (arn) => Buffer.from(arn).toString('base64')],
    ['makes an output of a part of it', (arn) => pulumi.output(arn.split(':')[5])],
    ['takes it for a list', (arn) => (arn as unknown as string[]).map((each) => each)],
    ['takes the first of what is no list', (arn) => arn[0]],
    ['works on it later', async (arn) => Promise.resolve(arn.split('/').pop())],
  ])('is unknown where it %s', async (_what, run) => {
    expect(await of(run)).toBe('${unknown}');
  });

  test('declares resources in a callback once', async () => {
    const { resources } = await synthesize(() => {
      queue().arn.apply((arn) => new Aws('sns/topic:Topic', 'topic', { policy: arn }));
    });
    expect(resources.map(({ name }) => name)).toEqual(['q', 'topic']);
  });
});

describe('a function that stands in the program', () => {
  const written = (run: () => unknown) =>
    outputsOf(async () => ({ text: (await pulumi.runtime.serializeFunction(run)).text })).then(({ text }) =>
      String(text),
    );

  test('is written down as a deployment does it', async () => {
    const greeting = 'hello';
    expect(await written(() => greeting)).toContain('"hello"');
  });

  test('that refers to what cannot be written down is unknown, and the program goes on', async () => {
    const native = Math.max.bind(null);
    expect(await written(() => native(1, 2))).toBe("throw new Error('${unknown}');");
    await expect(pulumi.runtime.serializeFunction(() => native(1, 2))).rejects.toThrow('Error serializing');
  });
});

describe('what a program awaits of a provider', () => {
  interface Caller {
    accountId: string;
  }
  test('of its own account and region stays a reference to them', async () => {
    const outputs = await outputsOf(async () => {
      const { accountId } = await call<Caller>('aws:index/getCallerIdentity:getCallerIdentity');
      const { name } = await call<{ name: string }>('aws:index/getRegion:getRegion');
      return {
        root: `arn:aws:iam::${accountId}:root`,
        region: name,
        tail: pulumi.output(accountId).apply((id) => id.slice(8)),
      };
    });
    expect(outputs).toEqual({
      root: 'arn:aws:iam::${AWS::AccountId}:root',
      region: '${AWS::Region}',
      tail: '${unknown}',
    });
  });

  test('is the configured region where there is one', async () => {
    const program = async () => ({ region: (await call<{ name: string }>('aws:index/getRegion:getRegion')).name });
    expect(await outputsOf(program, { config: { 'aws:region': 'eu-west-3' } })).toEqual({ region: 'eu-west-3' });
  });

  test('is unknown, whatever is made of it, where nobody answers', async () => {
    interface Ami {
      id: string;
      tags: string[];
      owner: { id: string };
    }
    const inputs = await inputsOf('server', async () => {
      const ami = await call<Ami>('aws:ec2/getAmi:getAmi', { mostRecent: true });
      new Aws('ec2/instance:Instance', 'server', {
        ami: ami.id,
        text: `image ${ami.id} of ${ami.owner.id}`,
        part: ami.id.split('-')[1],
        tags: ami.tags.map((tag) => `x-${tag}`),
        first: ami.tags[0],
        all: ami.tags,
        json: JSON.stringify({ id: ami.id }),
        applied: pulumi.output(ami.id).apply((id) => id.toUpperCase()),
        joined: pulumi.interpolate`${ami.id}/x`,
      });
    });
    expect(inputs).toEqual({
      ami: '${unknown}',
      text: 'image ${unknown} of ${unknown}',
      part: '${unknown}',
      tags: ['x-${unknown}'],
      first: '${unknown}',
      all: '${unknown}',
      json: '{"id":"${unknown}"}',
      applied: '${unknown}',
      joined: '${unknown}',
    });
  });

  test('is unknown also where it is asked about what is made only at deployment', async () => {
    const { x } = await outputsOf(async () => {
      const found = await call<Caller>('aws:iam/getRole:getRole', {
        name: pulumi.output(call('aws:ec2/getAmi:getAmi')),
      });
      return { x: `arn:aws:iam::${found.accountId}:root` };
    });
    expect(x).toBe('arn:aws:iam::${unknown}:root');
  });

  test('goes through the transforms of calls', async () => {
    const asked: unknown[] = [];
    await synthesize(
      async () => {
        pulumi.runtime.registerInvokeTransform(({ args, opts }) => ({ args: { ...args, added: true }, opts }));
        await call('aws:ec2/getAmi:getAmi', { mostRecent: true });
      },
      { calls: (_token, inputs) => void asked.push(inputs) },
    );
    expect(asked).toEqual([{ mostRecent: true, added: true }]);
  });

  test('is the real document where it is a policy', async () => {
    const { json } = await call2();
    expect(JSON.parse(json)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'A', Effect: 'Deny', Action: 's3:*', Resource: '*' },
        {
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::${AWS::AccountId}:root', '111122223333'] },
          Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'],
          Resource: REF,
          Condition: {
            StringEquals: { 'aws:PrincipalTag/team': ['a', '${aws:username}'] },
            Bool: { 'aws:SecureTransport': 'true' },
          },
        },
        { Effect: 'Allow', Principal: '*', NotAction: 'iam:*', NotResource: '*' },
      ],
    });
  });

  async function call2(): Promise<{ json: string }> {
    const outputs = await outputsOf(() => {
      const principals = [{ type: 'AWS', identifiers: ['arn:aws:iam::${AWS::AccountId}:root', '111122223333'] }];
      const conditions = [
        { test: 'StringEquals', variable: 'aws:PrincipalTag/team', values: ['a', '&{aws:username}'] },
        { test: 'Bool', variable: 'aws:SecureTransport', values: ['true'] },
      ];
      const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage'];
      return pulumi.runtime.invokeOutput('aws:iam/getPolicyDocument:getPolicyDocument', {
        sourcePolicyDocuments: ['{"Statement":{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
        statements: [
          { principals, actions, resources: [queue().arn], conditions },
          { principals: [{ type: '*', identifiers: ['*'] }], notActions: ['iam:*'], notResources: ['*'] },
        ],
        overridePolicyDocuments: ['{"Statement":[{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":"*"}]}'],
      });
    });
    return outputs as unknown as { json: string };
  }

  test('of another stack is unknown', async () => {
    const { zone } = await outputsOf(() => ({
      zone: new pulumi.StackReference('acme/network/prod').requireOutput('zone'),
    }));
    expect(zone).toBe('${unknown}');
  });
});
