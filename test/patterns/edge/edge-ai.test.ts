import * as pulumi from '@pulumi/pulumi';
import { EdgeAi, type EdgeAiArgs, EdgeApi, EdgeVectors, type EdgeVectorsArgs, bind, ScopedToken } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const models = { EMBEDDING: '@cf/baai/bge-base-en-v1.5', ANSWER: '@cf/meta/llama-3.2-3b-instruct' };

describe('EdgeAi', () => {
  test('gives a Worker the binding, and the names of the models', async () => {
    const graph = await graphOf(() => {
      const ai = new EdgeAi('ai', { models });
      new EdgeApi('api', { handler, access: { AI: ai.run() } });
    });
    expect(created(graph)).toEqual(['WorkersScript api-worker', 'WorkersScriptSubdomain api-workers-dev']);
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      { name: 'AI', type: 'ai' },
      { name: 'AI_ANSWER', type: 'plain_text', text: models.ANSWER },
      { name: 'AI_EMBEDDING', type: 'plain_text', text: models.EMBEDDING },
    ]);
    expect(alarm(await graphOf(() => void new EdgeAi('ai', { models })))).toMatchSnapshot();
  });

  test('makes a gateway that only the account can use, and that keeps nothing', async () => {
    const graph = await graphOf(() => {
      const ai = new EdgeAi('ai', { models, gateway: {} });
      new EdgeApi('api', { handler, access: { AI: ai.run() } });
    });
    expect(resource(graph, 'ai-gateway')).toMatchObject({
      inputs: {
        aiGatewayId: 'shop-test-ai',
        authentication: true,
        cacheTtl: 0,
        collectLogs: false,
        rateLimitingInterval: 0,
        rateLimitingLimit: 0,
      },
      options: { ignoreChanges: ['aiGatewayId'] },
    });
    expect(resource(graph, 'api-worker').inputs.bindings).toContainEqual({
      name: 'AI_GATEWAY',
      type: 'plain_text',
      text: 'shop-test-ai',
    });
  });

  test('follows the settings of the gateway', async () => {
    const gateway = { cache: 300, logs: true, rateLimit: { limit: 100, period: 60 }, gatewayName: 'models' };
    const { inputs, options } = resource(await graphOf(() => void new EdgeAi('ai', { models, gateway })), 'ai-gateway');
    expect(inputs).toMatchObject({
      aiGatewayId: 'models',
      cacheTtl: 300,
      collectLogs: true,
      rateLimitingInterval: 60,
      rateLimitingLimit: 100,
      rateLimitingTechnique: 'sliding',
    });
    expect(options.ignoreChanges).toBeUndefined();
  });

  test.each<[EdgeAiArgs, string]>([
    [{ models: {} }, "'models' must name at least one"],
    [{ models: { ANSWER: 'llama' } }, "'models.ANSWER' must be a model name from the model catalog, got 'llama'"],
    [{ models: { answer: models.ANSWER } }, "'models.answer' must be in capitals, and not GATEWAY"],
    [{ models: { GATEWAY: models.ANSWER } }, "'models.GATEWAY' must be in capitals, and not GATEWAY"],
    [
      { models: { ANSWER: 'openai/gpt-5' } },
      "'models.ANSWER' must be a model of the platform, '@cf/...', without a 'gateway'",
    ],
    [
      { models, gateway: { cache: 30 } },
      "'gateway.cache' must be a whole number of seconds from 60 to 2592000, got 30",
    ],
    [
      { models, gateway: { rateLimit: { limit: 0, period: 60 } } },
      "'gateway.rateLimit.limit' must be a whole number of at least 1, got 0",
    ],
    [{ models, gateway: { gatewayName: 'Models' } }, "'gateway.gatewayName' must be at most 64 lower-case letters"],
    [{ model: models.ANSWER } as never, "'model' must not be given, since nothing reads it; write 'models'"],
  ])('refuses %j', async (args, message) => {
    expect((await refusal(() => new EdgeAi('ai', args))).join('\n')).toContain(message);
  });

  test('takes models of others with a gateway', async () => {
    const args = { models: { ANSWER: 'openai/gpt-5' }, gateway: {} };
    await expect(graphOf(() => void new EdgeAi('ai', args))).resolves.toBeDefined();
  });

  test('refuses a second binding of Workers AI, and variables that are called as those of a model', async () => {
    const refused = await refusal(() => {
      const ai = new EdgeAi('ai', { models });
      new EdgeApi('api', {
        handler,
        access: { AI: ai.run(), OTHER: bind({ type: 'ai' }) },
        environment: { AI_ANSWER: 'yes' },
      });
    });
    expect(refused).toEqual([
      "'environment.AI_ANSWER' must be a JavaScript identifier that 'access', 'environment' and 'secrets' use only once, got 'AI_ANSWER'; rename it (api)".replace(
        'environment.AI_ANSWER',
        'access.AI',
      ),
      expect.stringContaining("'access.OTHER' must not be a second Workers AI binding next to 'AI'"),
    ]);
  });
});

describe('EdgeVectors', () => {
  const model = models.EMBEDDING;

  test('creates an index that a mistake cannot delete or replace, with as many dimensions as the model has', async () => {
    const graph = await graphOf(() => void new EdgeVectors('docs', { model }));
    expect(created(graph)).toEqual(['VectorIndex docs-index']);
    expect(resource(graph, 'docs-index')).toMatchObject({
      inputs: { accountId: 'account', indexName: 'shop-test-docs', dimensions: 768, metric: 'cosine', metadata: {} },
      options: { protect: true, ignoreChanges: ['indexName'] },
    });
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('follows its settings', async () => {
    const args: EdgeVectorsArgs = {
      dimensions: 1536,
      metric: 'dot-product',
      metadata: { tenant: 'string', 'meta.year': 'number' },
      indexName: 'search',
      adopt: true,
    };
    const graph = await graphOf(() => void new EdgeVectors('docs', args, { protect: false }));
    const { inputs, options } = resource(graph, 'docs-index');
    expect(inputs).toMatchObject(args);
    expect(options.ignoreChanges).toBeUndefined();
    expect(options.protect).toBeFalsy();
  });

  test('gives a Worker a binding that waits for the metadata indexes, and a token as much as it needs', async () => {
    let waits: Promise<boolean> | undefined;
    const groups = ['Vectorize Read', 'Vectorize Write', 'Workers AI Read'].map((name) => ({ id: name, name }));
    const graph = await graphOf(
      () => {
        const docs = new EdgeVectors('docs', { model });
        const ai = new EdgeAi('ai', { models });
        const { binding } = docs.readWrite();
        const name = binding.indexName as pulumi.Output<string> & { allResources(): Promise<Set<pulumi.Resource>> };
        waits = name.allResources().then((all) => all.has(docs.index));
        new EdgeApi('api', { handler, access: { DOCS: docs.readWrite() } });
        new ScopedToken('reader', { access: [docs.read(), ai.run()] });
        new ScopedToken('writer', { access: [docs.write()] });
      },
      { calls: () => ({ results: groups }) },
    );
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      { name: 'DOCS', type: 'vectorize', indexName: 'shop-test-docs' },
    ]);
    await expect(waits).resolves.toBe(true);
    const groupsOf = (name: string) =>
      (resource(graph, name).inputs.policies as { permissionGroups: { id: string }[] }[]).flatMap((policy) =>
        policy.permissionGroups.map(({ id }) => id),
      );
    expect(groupsOf('reader-token')).toEqual(['Vectorize Read', 'Workers AI Read']);
    expect(groupsOf('writer-token')).toEqual(['Vectorize Write']);
  });

  test.each<[EdgeVectorsArgs, string]>([
    [{}, "'dimensions' must be given without a 'model', got nothing; the model's page states them (docs)"],
    [
      { model: '@cf/acme/unknown' },
      "'model' must be a model whose dimensions are known here, unless 'dimensions' is given, got '@cf/acme/unknown'",
    ],
    [
      { model, dimensions: 1024 },
      "'dimensions' must be those of '@cf/baai/bge-base-en-v1.5', 768: the index refuses its vectors otherwise, got 1024; leave 'dimensions' out (docs)",
    ],
    [{ dimensions: 1537 }, "'dimensions' must be a whole number from 1 to 1536, got 1537"],
    [{ dimensions: 0 }, "'dimensions' must be a whole number from 1 to 1536, got 0"],
    [
      { model: '@cf/pfnet/plamo-embedding-1b' },
      "'model' must make vectors of 1 to 1536 dimensions, not of 2048, got '@cf/pfnet/plamo-embedding-1b'; choose a model with fewer dimensions (docs)",
    ],
    [
      { model, metadata: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`p${index}`, 'string'])) },
      "'metadata' must have at most 10 properties, got 11",
    ],
    [{ model, metadata: { $tenant: 'string' } }, "'metadata.$tenant' must be a name of at most 512 characters"],
    [{ model, metadata: { 'a..b': 'string' } }, "'metadata.a..b' must be a name"],
    [
      { model, metadata: { tenant: 'text' as never } },
      "'metadata.tenant' must be one of 'string', 'number', 'boolean'",
    ],
    [{ model, indexName: 'Docs' }, "'indexName' must be at most 64 lower-case letters, digits and dashes"],
    [{ model, metric: 'l2' as never }, "'metric' must be one of 'cosine', 'euclidean', 'dot-product'"],
  ])('refuses %j', async (args, message) => {
    expect(await refusal(() => new EdgeVectors('docs', args))).toEqual([expect.stringContaining(message)]);
  });

  test('refuses a second index of one name, and one of which nothing is said', async () => {
    const two = () => ['docs', 'more'].map((name) => new EdgeVectors(name, { dimensions: 3, indexName: 'all' }));
    expect(await refusal(two)).toEqual([
      "'indexName' must not be that of the index of 'docs': names are unique, got 'all'; rename one of them (more)",
    ]);
    expect(await refusal(() => new EdgeVectors('docs', undefined as never))).toEqual([
      expect.stringContaining("'dimensions' must be given without a 'model'"),
    ]);
  });

  test('takes a name that is known only at deployment', async () => {
    const args = { model, indexName: pulumi.output('search') };
    await expect(graphOf(() => void new EdgeVectors('docs', args))).resolves.toBeDefined();
  });
});
