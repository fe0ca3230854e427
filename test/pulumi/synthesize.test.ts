import timers from 'node:timers';
import { runInThisContext } from 'node:vm';
import * as cloudflare from '@pulumi/cloudflare';
import * as pulumi from '@pulumi/pulumi';
import type { Program } from '../../lib/pulumi/program';
import { synthesize } from '../../lib/pulumi/synthesize';
import { Shop, shop } from './fixtures/shop';

const KEY = 'correct-horse-battery';
const config = { key: { secret: KEY } };
const queue = (name: string, queueName: pulumi.Input<string> = name, opts?: pulumi.CustomResourceOptions) =>
  new cloudflare.Queue(name, { accountId: 'acc', queueName }, opts);

/** The inputs of the resource with this name. */
const inputsOf = async (name: string, program: Program, options?: Parameters<typeof synthesize>[1]) =>
  (await synthesize(program, options)).resources.find((resource) => resource.name === name)!.inputs;

describe('the graph of a program', () => {
  test('has type, name, parent, inputs, dependencies, secrets and options of every resource, sorted', async () => {
    const { resources, outputs } = await synthesize(shop, { project: 'acme', stack: 'dev', config });
    expect(resources.map(({ type, name, parent }) => [type, name, parent])).toEqual([
      ['acme:edge:Shop', 'shop', undefined],
      ['cloudflare:index/d1Database:D1Database', 'shop-db', 'shop'],
      ['cloudflare:index/queue:Queue', 'shop-queue', 'shop'],
      ['cloudflare:index/workersScript:WorkersScript', 'shop-worker', 'shop'],
    ]);
    expect(resources[1]).toEqual({
      type: 'cloudflare:index/d1Database:D1Database',
      name: 'shop-db',
      parent: 'shop',
      inputs: { accountId: 'acc', name: 'shop-db' },
      dependsOn: [],
      secrets: [],
      options: { protect: true, aliases: [{ name: 'old-db' }] },
    });
    expect(resources[3]).toMatchObject({
      inputs: {
        bindings: [
          { name: 'DB', databaseId: '${cloudflare:index/d1Database:D1Database::shop/shop-db.uuid}' },
          { name: 'QUEUE', queueName: 'shop-queue' },
          { name: 'KEY', text: '${secret}' },
          { name: 'URL', text: 'https://${cloudflare:index/queue:Queue::shop/shop-queue.queueId}.example.com/' },
        ],
      },
      secrets: ['bindings.2.text'],
    });
    expect(outputs).toEqual({
      worker: 'shop-worker',
      database: '${cloudflare:index/d1Database:D1Database::shop/shop-db.uuid}',
      key: '${secret}',
    });
  });

  test('names explicit dependencies, providers and parents by type and path', async () => {
    const { resources } = await synthesize(() => {
      const provider = new cloudflare.Provider('main', { apiToken: pulumi.secret('token-of-the-account') });
      const first = queue('first', 'first', { provider });
      queue('second', 'second', { dependsOn: first, deletedWith: first, retainOnDelete: true });
    });
    expect(resources.find(({ name }) => name === 'first')!.options).toMatchObject({
      provider: 'pulumi:providers:cloudflare::main',
    });
    expect(resources.find(({ name }) => name === 'second')).toMatchObject({
      dependsOn: ['cloudflare:index/queue:Queue::first'],
      options: { deletedWith: 'cloudflare:index/queue:Queue::first', retainOnDelete: true },
    });
  });

  test('is the same for project and stack as the program sees them', async () => {
    const program = () => ({ name: `${pulumi.getProject()}-${pulumi.getStack()}`, preview: pulumi.runtime.isDryRun() });
    const { outputs } = await synthesize(program, { project: 'acme', stack: 'prod' });
    expect(outputs).toEqual({ name: 'acme-prod', preview: true });
  });

  test('takes configuration with and without a namespace, objects included', async () => {
    const program = () => ({
      plain: new pulumi.Config().require('region'),
      other: new pulumi.Config('cloudflare').require('accountId'),
      list: new pulumi.Config().requireObject<string[]>('zones').length,
    });
    const settings = { region: 'weur', 'cloudflare:accountId': 'acc', zones: ['a', 'b'] };
    expect((await synthesize(program, { config: settings })).outputs).toEqual({ plain: 'weur', other: 'acc', list: 2 });
  });

  test('is what transforms make of it: own, of a parent, of the stack, in this order', async () => {
    const { resources } = await synthesize(
      () => {
        pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
          type.startsWith('cloudflare:')
            ? { props: { ...props, queueName: `${String(props.queueName)}-stack` }, opts: { ...opts, protect: true } }
            : undefined,
        );
        const parent = new pulumi.ComponentResource(
          'acme:edge:Team',
          'team',
          {},
          {
            transforms: [
              ({ props, opts }) => ({ props: { ...props, queueName: `${String(props.queueName)}-parent` }, opts }),
            ],
          },
        );
        queue('jobs', 'jobs', {
          parent,
          ignoreChanges: ['accountId'],
          transforms: [
            ({ props, opts }) => ({ props: { ...props, queueName: `${String(props.queueName)}-own` }, opts }),
          ],
        });
      },
      { config },
    );
    expect(resources.find(({ name }) => name === 'jobs')).toMatchObject({
      inputs: { queueName: 'jobs-own-parent-stack' },
      options: { ignoreChanges: ['accountId'], protect: true },
    });
  });

  test('keeps secrets that pass through a transform', async () => {
    const { resources } = await synthesize(
      () =>
        queue('jobs', new pulumi.Config().requireSecret('key'), {
          transforms: [({ props, opts }) => ({ props, opts })],
        }),
      { config },
    );
    expect(resources[0]).toMatchObject({ inputs: { queueName: '${secret}' }, secrets: ['queueName'] });
  });

  test('has nothing of hooks, which run in a deployment', async () => {
    const { resources } = await synthesize(() => {
      const hook = new pulumi.ResourceHook('hook', () => fail('must not run'));
      queue('jobs', 'jobs', { hooks: { afterCreate: [hook, () => fail('must not run')] } });
    });
    expect(resources[0]!.options).toEqual({});
  });

  test('waits for what the program does not wait for itself', async () => {
    const { resources } = await synthesize(() => {
      setImmediate(() => queue('late'));
    });
    expect(resources.map(({ name }) => name)).toEqual(['late']);
  });

  test('leaves out what the program only looks at', async () => {
    const { resources } = await synthesize(() => {
      const theirs = cloudflare.Queue.get('theirs', 'acc/123');
      new pulumi.StackReference('acme/network/prod').getOutput('zone');
      queue('ours', pulumi.interpolate`${theirs.id}-copy`);
    });
    expect(resources.map(({ name, inputs }) => [name, inputs.queueName])).toEqual([['ours', 'acc/123-copy']]);
  });

  test('shows files by their content', async () => {
    const inputs = await inputsOf('asset', () => {
      class Blob extends pulumi.CustomResource {}
      new Blob('acme:index:Blob', 'asset', {
        file: new pulumi.asset.StringAsset('hello'),
        zip: new pulumi.asset.AssetArchive({ 'a.txt': new pulumi.asset.StringAsset('hello') }),
      });
    });
    const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
    expect(inputs).toEqual({ file: { asset: hello }, zip: { archive: { 'a.txt': { asset: hello } } } });
  });
});

describe('outputs that only the cloud knows', () => {
  test('can be looked into, and stay references', async () => {
    const inputs = await inputsOf('copy', () => {
      queue('copy', queue('source').consumers[0]!.consumerId);
    });
    expect(inputs.queueName).toBe('${cloudflare:index/queue:Queue::source.consumers/0/consumerId}');
  });

  test('are unknown after a callback that needs more than a text', async () => {
    const { outputs } = await synthesize(() => {
      const { consumers, createdOn } = queue('source');
      return {
        list: consumers.apply((all) => all.map(({ consumerId }) => consumerId)),
        json: createdOn.apply((text) => JSON.parse(text) as unknown),
        url: createdOn.apply((text) => new URL(text).host),
      };
    });
    expect(outputs).toEqual({ list: '${unknown}', json: '${unknown}', url: '${unknown}' });
  });

  test('may be put into a document', async () => {
    const { outputs } = await synthesize(() => ({ doc: queue('q').queueId.apply((id) => JSON.stringify({ id })) }));
    expect(outputs).toEqual({ doc: '{"id":"${cloudflare:index/queue:Queue::q.queueId}"}' });
  });

  test('of provider functions are unknown, whatever is done with them', async () => {
    const { outputs } = await synthesize(() => {
      const zone = cloudflare.getZoneOutput({ filter: { name: 'example.com' } });
      return { id: zone.zoneId, servers: zone.nameServers.apply((all) => all.map((name) => name.toUpperCase())) };
    });
    expect(outputs).toEqual({ id: '${unknown}', servers: '${unknown}' });
  });

  test('of provider functions that the caller leaves open are unknown; a new account has no Worker', async () => {
    const { outputs } = await synthesize(
      () => ({
        zone: cloudflare.getZoneOutput({}).zoneId,
        workers: cloudflare.getWorkersScriptsOutput({}).results.apply((all) => all.length),
      }),
      { calls: () => undefined },
    );
    expect(outputs).toEqual({ zone: '${unknown}', workers: 0 });
  });

  test('of provider functions are what the caller answers', async () => {
    const { outputs } = await synthesize(
      () => ({ id: cloudflare.getZoneOutput({ filter: { name: 'example.com' } }).zoneId }),
      { calls: (token, inputs) => ({ zoneId: `${token.split(':')[2]} ${JSON.stringify(inputs)}` }) },
    );
    expect(outputs).toEqual({ id: 'getZone {"filter":{"name":"example.com"}}' });
  });
});

describe('secrets', () => {
  test('never appear, also where nothing marks them', async () => {
    const graph = await synthesize(
      () => {
        const password = new pulumi.Config().requireSecret('key');
        new Shop('shop', { key: password });
        queue('leaky', pulumi.unsecret(password));
        queue('leakier', pulumi.unsecret(pulumi.interpolate`x-${password}-x`));
        return { plain: pulumi.unsecret(password), deep: pulumi.output({ a: [password] }) };
      },
      { config },
    );
    expect(JSON.stringify(graph)).not.toContain(KEY);
    expect(graph.resources.find(({ name }) => name === 'leaky')!.secrets).toEqual(['queueName']);
    expect(graph.resources.find(({ name }) => name === 'leakier')!.inputs.queueName).toBe('x-${secret}-x');
  });

  test('are those of additionalSecretOutputs too', async () => {
    const { resources } = await synthesize(() => {
      const source = queue('source', 'source', { additionalSecretOutputs: ['queueId'] });
      queue('copy', source.queueId);
    });
    expect(resources.find(({ name }) => name === 'copy')!.secrets).toEqual(['queueName']);
  });

  test.each<[string, Program]>([
    ['an exception', () => fail(`bad key ${KEY}`)],
    ['a callback', () => pulumi.secret('made-up-in-the-program').apply((text) => fail(`bad key ${text}`))],
    ['a rejected input', () => queue('q', Promise.reject<string>(new Error(`no ${KEY}`)))],
  ])('do not appear in the message of %s', async (_what, program) => {
    const error = await synthesize(program, { config }).then(
      String,
      (reason: Error) => `${reason.message} ${reason.stack}`,
    );
    expect(error).toContain('${secret}');
    expect(error).not.toContain(KEY);
    expect(error).not.toContain('made-up-in-the-program');
  });
});

function fail(message: string): never {
  throw new Error(message);
}

describe('what goes wrong in a program', () => {
  test.each<[string, Program, string]>([
    ['an exception', () => fail('at once'), 'at once'],
    ['a rejection', async () => Promise.reject(new Error('later')), 'later'],
    ['a callback', () => ({ x: pulumi.output(1).apply(() => fail('applied')) }), 'applied'],
    ['a callback whose result nobody uses', () => void pulumi.output(1).apply(() => fail('unused')), 'unused'],
    ['a promise that nobody awaits', () => void Promise.resolve().then(() => fail('lost')), 'lost'],
    ['a callback on an output of the cloud', () => void queue('q').queueId.apply(() => fail('judged')), 'judged'],
    [
      'a missing input',
      () => void new cloudflare.Queue('q', {} as cloudflare.QueueArgs),
      "Missing required property 'accountId'",
    ],
    ['a rejected input', () => void queue('q', Promise.reject<string>(new Error('no name'))), 'no name'],
    ['an unanswerable call', () => void cloudflare.getZone({}), 'no zone here'],
    ['two resources of one name', () => void [queue('q'), queue('q')], 'Duplicate resource URN'],
    ['a transform', () => void queue('q', 'q', { transforms: [() => fail('transformed')] }), 'transformed'],
    ['an error that is only logged', () => void pulumi.log.error('logged'), 'the program logged 1 error(s)'],
  ])('surfaces: %s', async (_what, program, message) => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    await expect(
      synthesize(program, {
        calls: () => {
          throw new Error('no zone here');
        },
      }),
    ).rejects.toThrow(message);
    log.mockRestore();
  });

  test('surfaces as the very same error', async () => {
    const error = new pulumi.InputPropertiesError({
      message: 'no',
      errors: [{ propertyPath: 'a.b', reason: 'too big' }],
    });
    const thrown = await synthesize(() => {
      throw error;
    }).catch((reason: unknown) => reason);
    expect(thrown).toBe(error);
  });

  test('surfaces although a child waits for the resource that never comes', async () => {
    const program = () => {
      const parent = queue('parent', Promise.reject<string>(new Error('no name')));
      queue('child', parent.queueId, { parent });
    };
    await expect(synthesize(program)).rejects.toThrow('no name');
  });

  test.each<[string, Program, string]>([
    [
      'an input that never comes',
      () => void queue('q', new Promise<string>(() => undefined)),
      'declared but never registered, since an input never came: cloudflare:index/queue:Queue::q',
    ],
    ['a promise that never ends', () => new Promise(() => undefined), 'it is waiting for something that never comes'],
  ])('refuses %s', async (_what, program, message) => {
    const soon = jest.spyOn(timers, 'setTimeout').mockImplementation((callback) => setTimeout(callback, 50));
    await expect(synthesize(program)).rejects.toThrow(message);
    expect(soon).toHaveBeenCalledWith(expect.any(Function), 120_000);
    soon.mockRestore();
  });

  test('works under fake timers', async () => {
    jest.useFakeTimers();
    const { resources } = await synthesize(() => void queue('q'));
    jest.useRealTimers();
    expect(resources).toHaveLength(1);
  });
});

describe('runs', () => {
  test('give the same graph fifty times', async () => {
    const graphs = new Set<string>();
    for (let run = 0; run < 50; run++) graphs.add(JSON.stringify(await synthesize(shop, { config })));
    expect(graphs.size).toBe(1);
  });

  test('do not see each other when twenty go at once, although some fail', async () => {
    const program = (n: number) => async () => {
      const { queue: own } = new Shop(`shop${n}`, { key: `key-number-${n}-secret` });
      await new Promise((resolve) => setTimeout(resolve, n % 3));
      if (n % 5 === 4) own.queueName.apply((name) => fail(`fails ${name}`));
      return { stack: pulumi.getStack(), greeting: new pulumi.Config().require('greeting') };
    };
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => synthesize(program(n), { stack: `s${n}`, config: { greeting: `hi ${n}` } })),
    );
    results.forEach((result, n) => {
      if (n % 5 === 4)
        return expect(result).toMatchObject({ status: 'rejected', reason: { message: `fails shop${n}-queue` } });
      expect(result).toMatchObject({
        status: 'fulfilled',
        value: { outputs: { stack: `s${n}`, greeting: `hi ${n}` } },
      });
      const names = (result as PromiseFulfilledResult<Awaited<ReturnType<typeof synthesize>>>).value.resources.map(
        ({ name }) => name,
      );
      expect(names).toEqual([`shop${n}`, `shop${n}-db`, `shop${n}-queue`, `shop${n}-worker`]);
    });
  });

  test('leave nothing behind: no listener, no state of the SDK', async () => {
    const realProcess: NodeJS.Process = runInThisContext('process'); // the test runner hands out a copy
    const before = realProcess.listeners('unhandledRejection');
    await synthesize(shop, { project: 'acme', config });
    await synthesize(() => fail('no')).catch(() => undefined);
    expect(realProcess.listeners('unhandledRejection')).toEqual(before);
    expect(pulumi.runtime.hasMonitor()).toBe(false);
    expect(pulumi.getProject()).not.toBe('acme');
  });

  test('leave the outputs of other programs alone', async () => {
    await synthesize(shop, { config });
    const text = '${cloudflare:index/queue:Queue::q.queueId}';
    await expect(
      new Promise((resolve, reject) => {
        const applied = pulumi.output(text).apply((value) => (value as unknown as string[]).map(String));
        (applied as unknown as { promise(): Promise<unknown> }).promise().then(resolve, reject);
        (applied as unknown as { isKnown: Promise<boolean> }).isKnown.catch(() => undefined);
        (applied as unknown as { isSecret: Promise<boolean> }).isSecret.catch(() => undefined);
      }),
    ).rejects.toThrow('map is not a function');
  });
});
