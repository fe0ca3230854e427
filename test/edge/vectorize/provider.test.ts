import { handler } from '../../../lib/edge/vectorize/provider';
import { VectorizeApi } from './api';

const inputs = {
  accountId: 'account',
  indexName: 'docs',
  dimensions: 768,
  metric: 'cosine',
  metadata: { tenant: 'string', year: 'number' },
  __provider: 'text',
};

let api: VectorizeApi;
let baseUrl: string;
let told: jest.SpyInstance;

beforeEach(async () => {
  api = new VectorizeApi();
  baseUrl = await api.start();
  told = jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  api.stop();
  told.mockRestore();
});

async function provider(config: Record<string, string> = { 'cloudflare:apiToken': 't0ken' }) {
  const made = handler({ pause: 1, most: 300 });
  const all: Record<string, string> = { 'cloudflare:baseUrl': baseUrl, ...config };
  await made.configure({ config: { get: (key) => all[key] } });
  return made;
}

const live = () => {
  const { config, properties } = api.indexes.get('docs')!;
  return { config, properties: properties.map(({ propertyName, indexType }) => `${propertyName} ${indexType}`) };
};
const whole = {
  config: { dimensions: 768, metric: 'cosine' },
  properties: ['tenant string', 'year number'],
};

test('makes the index and its metadata indexes, and does not end before they are seen', async () => {
  api.trouble = { late: 3 };
  const { id, outs } = await (await provider()).create(inputs);
  expect(id).toBe('docs');
  expect(outs).toEqual({ ...inputs, uncovered: {} });
  expect(live()).toEqual(whole);
  expect(api.calls.at(-1)).toBe('GET /docs/metadata_index/list');
  expect([...api.tokens]).toEqual(['Bearer t0ken']);
  expect(JSON.stringify(outs)).not.toContain('t0ken');
});

test.each(['POST ', 'POST /docs/metadata_index/create'])(
  'makes nothing twice when the answer to %j is lost',
  async (lost) => {
    api.trouble = { lost, late: 2 };
    await (await provider()).create(inputs);
    expect(live()).toEqual(whole);
  },
);

test('asks again when the service is busy or fails for a moment', async () => {
  api.trouble = {
    instead: {
      'POST ': { status: 429, times: 2 },
      'metadata_index/list': { status: 503, times: 2 },
      'metadata_index/create': { status: 429, times: 1 },
    },
  };
  await (await provider()).create(inputs);
  expect(live()).toEqual(whole);
});

test('keeps in the state what there is of an index whose metadata indexes failed, and goes on from there', async () => {
  api.trouble = { instead: { 'metadata_index/create': { status: 403, times: 1 } } };
  const made = await provider();
  const failure = await made.create(inputs).then(
    () => undefined,
    (error: { id: string; properties: typeof inputs; message: string }) => error,
  );
  expect(failure).toMatchObject({
    id: 'docs',
    message: expect.stringContaining('metadata_index/create: trouble') as string,
    properties: { ...inputs, metadata: {} },
  });
  await expect(made.diff('docs', failure!.properties, inputs)).resolves.toMatchObject({ changes: true, replaces: [] });
  const { outs } = await made.update('docs', failure!.properties, inputs);
  expect(outs).toEqual({ ...inputs, uncovered: {} });
  expect(live()).toEqual(whole);
});

test('says which vectors a later metadata index does not know, until it is another one', async () => {
  const made = await provider();
  const { outs: first } = await made.create({ ...inputs, metadata: { tenant: 'string' } });
  api.indexes.get('docs')!.vectorCount = 1200;
  const { outs } = await made.update('docs', first, inputs);
  expect(outs).toMatchObject({ uncovered: { year: 1200 } });
  expect(told).toHaveBeenCalledWith(
    "the metadata index of 'year' of 'docs' does not cover the 1200 vectors written before it: a filter by it does not find them until they are written again",
  );
  // What is not touched stays said.
  const { outs: third } = await made.update('docs', outs, { ...inputs, metadata: { year: 'number' } });
  expect(third).toMatchObject({ metadata: { year: 'number' }, uncovered: { year: 1200 } });
  expect(live().properties).toEqual(['year number']);
  // One of another type is made anew.
  const { outs: last } = await made.update('docs', third, { ...inputs, metadata: { year: 'string' } });
  expect(last).toMatchObject({ uncovered: { year: 1200 } });
  expect(live().properties).toEqual(['year string']);
});

test.each([
  [{ dimensions: 1024 }, ['dimensions'], true],
  [{ metric: 'euclidean' }, ['metric'], true],
  [{ indexName: 'other' }, ['indexName'], false],
  [{ metadata: { year: 'number', tenant: 'string' } }, [], true],
])('a change to %j replaces %j', async (change, replaces, deleteBeforeReplace) => {
  const changes = replaces.length > 0;
  const found = await (await provider()).diff('docs', inputs, { ...inputs, ...change });
  expect(found).toEqual({ changes, replaces, deleteBeforeReplace });
});

test('a refresh sees what was changed by hand, and that it is gone', async () => {
  const made = await provider();
  const { outs } = await made.create(inputs);
  api.indexes.get('docs')!.properties.pop();
  const { props } = await made.read('docs', outs);
  expect(props).toMatchObject({ metadata: { tenant: 'string' } });
  await expect(made.diff('docs', props!, inputs)).resolves.toMatchObject({ changes: true, replaces: [] });
  await made.delete('docs', outs);
  expect(api.indexes.size).toBe(0);
  await expect(made.read('docs', outs)).resolves.toEqual({});
  await expect(made.delete('docs', outs)).resolves.toBeUndefined();
});

test('takes over an index that is there when it is told to, and as it is wanted', async () => {
  const made = await provider();
  await made.create({ ...inputs, metadata: {} });
  await expect(made.create({ ...inputs, adopt: true })).resolves.toMatchObject({ outs: { uncovered: {} } });
  expect(live()).toEqual(whole);
  await expect(made.create({ ...inputs, adopt: true, dimensions: 384 })).rejects.toThrow(
    "the index 'docs' cannot be taken over: it has 768 dimensions and the metric 'cosine', not 384 and 'cosine', and neither can be changed",
  );
});

test('refuses to take over an index whose metadata indexes would go', async () => {
  const made = await provider();
  await made.create(inputs);
  await expect(made.create({ ...inputs, adopt: true, metadata: { tenant: 'number' } })).rejects.toThrow(
    "add these to 'metadata', and remove them later if they are unused: { 'tenant': 'string', 'year': 'number' }",
  );
  expect(live()).toEqual(whole);
});

test('refuses an index that somebody else has made', async () => {
  const made = await provider();
  await made.create(inputs);
  await expect(made.create(inputs)).rejects.toThrow(
    "there already is an index 'docs' that this program did not create; choose another 'indexName', or take it over with 'adopt: true'",
  );
});

test('refuses to say that it is done when a metadata index does not appear', async () => {
  api.trouble = { late: 1e9 };
  await expect((await provider()).create(inputs)).rejects.toThrow("after 0.3 seconds the index 'docs' is not found");
});

test('refuses to begin without a token, and passes on what the service says', async () => {
  const { CLOUDFLARE_API_TOKEN: kept } = process.env;
  delete process.env.CLOUDFLARE_API_TOKEN;
  try {
    await expect((await provider({})).create(inputs)).rejects.toThrow('set CLOUDFLARE_API_TOKEN');
  } finally {
    if (kept !== undefined) process.env.CLOUDFLARE_API_TOKEN = kept;
  }
  api.trouble = { instead: { 'POST ': { status: 403, times: 1 } } };
  await expect((await provider()).create(inputs)).rejects.toThrow('/vectorize/v2/indexes: trouble');
});
