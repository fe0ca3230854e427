import { EdgeAi, EdgeApi, EdgeVectors, bind } from 'lintel/edge';
import { type EdgeRun, ModelError, runEdgeLocally, scriptedModel } from 'lintel/testing';

const ANSWER = '@cf/meta/llama-3.2-3b-instruct';
const EMBEDDING = '@cf/baai/bge-small-en-v1.5';

function program() {
  const ai = new EdgeAi('ai', { models: { ANSWER, EMBEDDING }, gateway: { gatewayName: 'models' } });
  const metadata = { tenant: 'string', year: 'number', 'meta.open': 'boolean' } as const;
  const docs = new EdgeVectors('docs', { dimensions: 3, metadata });
  const far = new EdgeVectors('far', { dimensions: 2, metric: 'euclidean' });
  const dot = new EdgeVectors('dot', { dimensions: 2, metric: 'dot-product' });
  new EdgeVectors('nobody', { dimensions: 2 }); // whom no Worker is bound to
  const access = { AI: ai.run(), DOCS: docs.readWrite(), FAR: far.readWrite(), DOT: dot.readWrite() };
  new EdgeApi('api', { handler: 'test/testing/edge/workers/bindings.ts', access });
  new EdgeApi('other', {
    handler: 'test/testing/edge/workers/bindings.ts',
    access: { AI: ai.run(), GONE: bind({ type: 'vectorize', indexName: 'gone' }) },
  });
}

let run: EdgeRun;
const logged: string[] = [];
const model = scriptedModel({
  [ANSWER]: (input, call) => {
    if (input.prompt === 'busy') return new ModelError('outOfCapacity');
    if (input.prompt === 'fault') throw new Error('out of order');
    return input.prompt === 'break' ? { text: 'one two three', breaksAfter: 2 } : `answer ${call} of two`;
  },
  '@cf/openai/gpt-oss-20b': 'in choices',
  '@cf/acme/new': 'in a form that nobody knows',
  '@cf/acme/image': Uint8Array.of(1, 2),
  '@cf/acme/object': { labels: ['a'] },
  '@cf/meta/llama-3.2-1b-instruct': ['only once'],
});

beforeAll(async () => {
  run = await runEdgeLocally(program, {
    project: 'shop',
    stack: 'test',
    config: { 'cloudflare:accountId': 'account' },
    bindings: { 'api.AI': model },
    timeScale: 4,
    onLog: ({ message }) => logged.push(message),
  });
});
afterAll(() => run.stop());

/** Calls a binding as a Worker does; a failure is its name and message. */
async function call(path: string, ...args: unknown[]): Promise<unknown> {
  const [worker, rest] = path.startsWith('other.') ? ['other', path.slice(6)] : ['api', path];
  const answer = await run.worker(worker!).fetch(`/${rest}`, { method: 'POST', body: JSON.stringify(args) });
  return answer.headers.get('content-type') === 'application/json' ? await answer.json() : await answer.text();
}

const ids = async (...args: unknown[]) =>
  ((await call(...(args as [string]))) as { matches: { id: string; score: number }[] }).matches.map(({ id }) => id);

describe('an index of vectors', () => {
  const docs = [
    { id: 'a', values: [1, 0, 0], metadata: { tenant: 'x', year: 2024, meta: { open: true }, note: 'n' } },
    { id: 'b', values: [0.9, 0.1, 0], metadata: { tenant: 'y', year: 2025, meta: { open: false } } },
    { id: 'c', values: [0, 1, 0], namespace: 'n', metadata: { tenant: 'x', year: 2026 } },
    { id: 'd', values: [0, 0, 1], metadata: { year: '2024' } },
  ];
  const vector = [1, 0, 0];
  const found = (filter: unknown) => ids('DOCS.query', vector, { topK: 100, filter });

  test('shows what is written some time later, and says up to which change', async () => {
    const { mutationId } = (await call('DOCS.insert', docs)) as { mutationId: string };
    expect(mutationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ids('DOCS.query', vector)).toEqual([]);
    expect(await call('DOCS.getByIds', ['a'])).toEqual([]);
    await run.idle();
    expect(await ids('DOCS.query', vector)).toEqual(['a', 'b', 'c', 'd']);
    expect(await call('DOCS.describe')).toEqual({
      vectorCount: 4,
      dimensions: 3,
      processedUpToDatetime: expect.any(String) as string,
      processedUpToMutation: mutationId,
    });
    expect(run.vectors('docs').ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(run.vectors('docs').get('c')).toMatchObject({ values: [0, 1, 0], namespace: 'n' });
  });

  test('gives scores by the metric, the nearest first', async () => {
    for (const name of ['FAR', 'DOT']) {
      await call(`${name}.upsert`, [{ id: 'near', values: [3, 4] }, { id: 'far', values: [6, 8] }]); // oxfmt-ignore
    }
    await run.idle();
    expect(await call('FAR.query', [3, 4])).toEqual({
      count: 2,
      matches: [
        { id: 'near', score: 0 },
        { id: 'far', score: 5 },
      ],
    });
    expect(await call('DOT.query', [1, 1])).toEqual({
      count: 2,
      matches: [
        { id: 'far', score: -14 },
        { id: 'near', score: -7 },
      ],
    });
    const { matches } = (await call('DOCS.query', [0.5, 0, 0], { topK: 1 })) as { matches: unknown[] };
    expect(matches).toEqual([{ id: 'a', score: 1 }]);
  });

  test('gives values and metadata that are asked for', async () => {
    const first = async (options: object) =>
      ((await call('DOCS.query', vector, { topK: 1, ...options })) as { matches: object[] }).matches[0];
    expect(await first({ returnMetadata: 'all' })).toMatchObject({ metadata: docs[0]!.metadata });
    expect(await first({ returnMetadata: true })).toMatchObject({ metadata: docs[0]!.metadata });
    expect(await first({ returnMetadata: 'indexed' })).toEqual({
      id: 'a',
      score: 1,
      metadata: { tenant: 'x', year: 2024, meta: { open: true } },
    });
    expect(await first({ returnValues: true })).toEqual({ id: 'a', score: 1, values: [1, 0, 0] });
    expect(await ids('DOCS.queryById', 'c', { topK: 1 })).toEqual(['c']);
    expect(await call('DOCS.getByIds', ['c', 'nobody', 'a'])).toEqual([docs[2], docs[0]]);
  });

  test.each([
    [{ tenant: 'x' }, ['a', 'c']],
    [{ tenant: { $eq: 'y' } }, ['b']],
    [{ tenant: { $ne: 'x' } }, ['b']],
    [{ tenant: { $in: ['x', 'z'] } }, ['a', 'c']],
    [{ tenant: { $nin: ['x'] } }, ['b']],
    [{ year: { $gte: 2025, $lt: 2026 } }, ['b']],
    [{ year: { $gt: 2024 }, tenant: 'x' }, ['c']],
    [{ year: { $lte: 2024 } }, ['a']],
    [{ year: '2024' }, []],
    [{ 'meta.open': true }, ['a']],
    [{ tenant: null }, []],
    [{ note: 'n' }, []],
    [{ note: { $ne: 'm' } }, []],
  ])('filters by %j', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  test('says that a property without a metadata index finds nothing', () => {
    expect(logged).toContain("a filter on 'note' of 'shop-test-docs' finds nothing: it has no metadata index");
  });

  test('searches in one namespace, and keeps ids in one for all', async () => {
    expect(await ids('DOCS.query', vector, { namespace: 'n' })).toEqual(['c']);
    await call('DOCS.insert', [{ id: 'c', values: [1, 1, 1], namespace: 'other' }]);
    await call('DOCS.upsert', [{ id: 'd', values: [1, 1, 1], namespace: 'n' }]);
    await call('DOCS.deleteByIds', ['a', 'nobody']);
    await run.idle();
    expect(await ids('DOCS.query', vector, { namespace: 'n' })).toEqual(['d', 'c']);
    expect(run.vectors('shop-test-docs').ids()).toEqual(['b', 'c', 'd']);
    expect(run.vectors('docs').get('d')).toEqual({ id: 'd', values: [1, 1, 1], namespace: 'n' });
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
  const QUERY = 'Error: VECTOR_QUERY_ERROR';
  test.each<[string, unknown[], string]>([
    ['query', [[1, 2]], `${QUERY} (code = 40006): invalid query vector, expected 3 dimensions, and got 2 dimensions`],
    ['query', [vector, { topK: 101 }], `${QUERY} (code = 40025): max top K is 100, but got 101`],
    ['query', [vector, { topK: 0 }], `${QUERY} (code = 40025): min top K is 1`],
    [
      'query',
      [vector, { topK: 51, returnMetadata: 'all' }],
      `${QUERY} (code = 40025): with returnValues=true or returnMetadata=all, max top K is 50, but got 51;`,
    ],
    ['query', [vector, { topK: 51, returnValues: true }], `${QUERY} (code = 40025)`],
    ['query', [vector, { returnMetadata: 'some' }], 'Error: Invalid returnMetadata option'],
    ['query', [vector, { filter: {} }], `${QUERY}: filter must be a non-empty object`],
    ['query', [vector, { filter: { tenant: { $like: 'x' } } }], `${QUERY}: unknown operator '$like'`],
    ['query', [vector, { filter: { tenant: { $in: 'x' } } }], `${QUERY}: invalid value of '$in'`],
    ['query', [vector, { filter: { tenant: 'x'.repeat(2048) } }], `${QUERY}: filter too large`],
    ['query', [vector, { filter: { $or: [] } }], `${QUERY}: invalid filter key '$or'`],
    ['queryById', ['nobody'], `${QUERY}: vector with id 'nobody' not found`],
    [
      'getByIds',
      [many(21)],
      'Error: VECTOR_GET_ERROR (code = 40007): too many ids in payload; max id count is 20, got 21',
    ],
    [
      'deleteByIds',
      [many(101)],
      'Error: VECTOR_DELETE_ERROR (code = 40007): too many ids in payload; max id count is 100',
    ],
    ['upsert', [[]], 'Error: VECTOR_UPSERT_ERROR (code = 40023): no vectors in payload'],
    ['upsert', [many(1001).map((id) => ({ id, values: vector }))], 'Error: VECTOR_UPSERT_ERROR: too many vectors'],
    [
      'upsert',
      [[{ id: 'x', values: [1] }]],
      'Error: VECTOR_UPSERT_ERROR (code = 40012): invalid vector for id="x", expected 3 dimensions, and got 1 dimensions',
    ],
    ['upsert', [[{ id: 'x', values: [1, 2, null] }]], 'Error: VECTOR_UPSERT_ERROR (code = 40023)'],
    [
      'insert',
      [[{ id: 'ü'.repeat(33), values: vector }]],
      'Error: VECTOR_INSERT_ERROR (code = 40008): id too long; max is 64 bytes, got 66 bytes',
    ],
    [
      'insert',
      [[{ id: 'x', values: vector, namespace: 'n'.repeat(65) }]],
      'Error: VECTOR_INSERT_ERROR (code = 40009): namespace too long',
    ],
    [
      'insert',
      [[{ id: 'x', values: vector, metadata: { text: 'x'.repeat(10_240) } }]],
      'Error: VECTOR_INSERT_ERROR (code = 40016): oversized metadata for vector id="x"; the compact JSON representation of the metadata must not exceed 10240 bytes, got 10251 bytes',
    ],
    [
      'insert',
      [[{ id: 'x', values: vector, metadata: { 'a.b': 1 } }]],
      "Error: VECTOR_INSERT_ERROR: invalid metadata key 'a.b'",
    ],
  ])('refuses as the service: %s, case %#', async (method, args, message) => {
    expect(await call(`DOCS.${method}`, ...args)).toEqual(expect.stringContaining(message));
  });

  test('is not there, and said to be so, where the program makes none', async () => {
    expect(await call('other.GONE.query', vector)).toBe('TypeError: there is no GONE');
    expect(run.unsupported).toEqual([
      expect.objectContaining({
        resource: 'other/other-worker',
        reason: "its binding 'GONE' is unmapped: the program creates no index 'gone'; pass bindings: { GONE: ... }",
      }),
    ]);
  });
});

describe('models', () => {
  const ask = (input: object, ...options: object[]) => call('AI.run', ANSWER, input, ...options);

  test('say what a test has scripted, in the form of the model, and keep what was asked', async () => {
    expect(await ask({ messages: [{ role: 'user', content: 'How long?' }] }, { gateway: { id: 'models' } })).toEqual({
      response: 'answer 0 of two',
      usage: { prompt_tokens: 5, completion_tokens: 4, total_tokens: 9 },
    });
    expect(model.calls[0]).toEqual({
      model: ANSWER,
      input: { messages: [{ role: 'user', content: 'How long?' }] },
      options: { gateway: { id: 'models' } },
    });
    expect(await call('AI.run', '@cf/openai/gpt-oss-20b', { messages: [] })).toMatchObject({
      choices: [{ message: { role: 'assistant', content: 'in choices' } }],
    });
    expect(await call('AI.run', '@cf/acme/object', {})).toEqual({ labels: ['a'] });
    expect(await call('AI.run', '@cf/acme/image', {})).toBe('\u0001\u0002');
  });

  test('stream texts as events', async () => {
    const events = String(await ask({ prompt: 'stream', stream: true })).split('\n\n');
    expect(events.slice(0, 2)).toEqual(['data: {"response":"answer "}', 'data: {"response":"1 "}']);
    expect(events.at(-3)).toContain('"usage"');
    expect(events.at(-2)).toBe('data: [DONE]');
  });

  test('break off in the middle of a stream', async () => {
    expect(await ask({ prompt: 'break', stream: true })).toBe(
      'data: {"response":"one "}\n\ndata: {"response":"two "}\n\n',
    );
    expect(await ask({ prompt: 'break' })).toBe('InferenceUpstreamError: 3007: Request timeout');
  });

  test.each<[string, object, string]>([
    [ANSWER, { prompt: 'busy' }, 'InferenceUpstreamError: 3040: Capacity temporarily exceeded, please try again.'],
    [ANSWER, { prompt: 'busy', stream: true }, 'InferenceUpstreamError: 3040: Capacity'],
    [ANSWER, { prompt: 'fault' }, 'InferenceUpstreamError: out of order'],
    [ANSWER, {}, "InferenceUpstreamError: 5006: Error: oneOf at '/' not met"],
    ['llama', { prompt: 'x' }, 'InferenceUpstreamError: 5007: No such model llama or task'],
    ['@cf/acme/new', { prompt: 'x' }, "InferenceUpstreamError: how '@cf/acme/new' answers is not known here"],
    ['@cf/acme/none', { prompt: 'x' }, "InferenceUpstreamError: nothing is scripted for '@cf/acme/none', only for"],
    [
      EMBEDDING,
      { text: Array(101).fill('x') },
      "InferenceUpstreamError: 5006: Error: oneOf at '/' not met, '/text' must NOT have more than 100 items",
    ],
    [EMBEDDING, { text: ['x', ''] }, 'InferenceUpstreamError: 5006'],
    [EMBEDDING, { prompt: 'x' }, "InferenceUpstreamError: 5006: Error: required properties at '/' are 'text'"],
  ])('refuse and fail as the platform: %s, case %#', async (name, input, message) => {
    expect(await call('AI.run', name, input)).toEqual(expect.stringContaining(message));
  });

  test('say no more than is scripted, and by no gateway that the program does not make', async () => {
    const once = () => call('AI.run', '@cf/meta/llama-3.2-1b-instruct', { prompt: 'x' });
    expect(await once()).toMatchObject({ response: 'only once' });
    expect(await once()).toContain('was asked 2 times; scripted answers: 1');
    expect(await ask({ prompt: 'x' }, { gateway: { id: 'nobody' } })).toContain("creates no gateway 'nobody'");
    expect(await ask({ prompt: 'x' }, { queueRequest: true })).toContain(
      "'queueRequest' of Workers AI is not run here",
    );
  });

  test.each(['AI.models', 'AI.toMarkdown'])('say of %s that it is not run', async (method) => {
    expect(await call(method, ...(method === 'AI.models' ? [] : [[]]))).toContain(
      "only 'run' of Workers AI is supported here",
    );
  });

  test('make vectors of the right dimensions without a script, near where words are the same', async () => {
    const text = ['Refunds take 14 days', 'How many days do refunds take?', 'Our office is in Bern'];
    const { shape, data } = (await call('other.AI.run', EMBEDDING, { text })) as { shape: number[]; data: number[][] };
    expect(shape).toEqual([3, 384]);
    const dot = (a: number, b: number) => data[a]!.reduce((sum, value, at) => sum + value * data[b]![at]!, 0);
    expect(dot(0, 0)).toBeCloseTo(1);
    expect(dot(0, 1)).toBeGreaterThan(dot(0, 2) + 0.3);
    expect(await call('other.AI.run', EMBEDDING, { text: text[0] })).toEqual({ shape: [1, 384], data: [data[0]] });
    // What a model does not read of a long text does not count.
    const long = Array(512).fill('a').join(' ');
    expect(await call('other.AI.run', EMBEDDING, { text: [`${long} b`] })).toEqual(
      await call('other.AI.run', EMBEDDING, { text: [`${long} c`] }),
    );
    expect(await call('other.AI.run', ANSWER, { prompt: 'x' })).toContain(
      `nothing is scripted for '${ANSWER}': bindings: { <name>: scriptedModel({ '${ANSWER}': 'an answer' }) }`,
    );
  });
});
