import { synthesize } from 'lintel/pulumi';
import { type EdgeRun, ModelError, runEdgeLocally, scriptedModel } from 'lintel/testing';
import { knowledge, MODELS } from '../../../../examples/edge/knowledge/knowledge';
import { passagesOf } from '../../../../examples/edge/knowledge/workers/document';
import { inDirectory } from '../in-directory';
import { until } from '../until';

const example = 'examples/edge/knowledge';
const program = () => knowledge('k3y');
const config = { 'cloudflare:accountId': 'account' };

test('gives each Worker what it uses, and nothing else', async () => {
  const graph = await inDirectory(example, () => synthesize(program, { project: 'knowledge', stack: 'dev', config }));
  const bindings = Object.fromEntries(
    graph.resources
      .filter(({ type }) => type.endsWith(':WorkersScript'))
      .map(({ parent, inputs }) => [parent, (inputs.bindings as { name: string }[]).map(({ name }) => name)]),
  );
  const models = ['AI', 'AI_ANSWER', 'AI_EMBEDDING', 'AI_GATEWAY'];
  expect(bindings).toEqual({
    api: [...models, 'API_KEY', 'DB', 'INGEST', 'PASSAGES'],
    ingest: [...models, 'DB', 'PASSAGES'],
  });
  expect(JSON.stringify(graph)).not.toContain('k3y');
  expect(graph.outputs).toEqual({ index: 'knowledge-dev-passages', deadLetters: 'knowledge-dev-ingest-dead-letters' });
});

test('passages are as long as a model reads, and hold all of a text', () => {
  const sentence = 'Every word of this sentence counts. ';
  const text = `Short.\n\nAlso short.\n\n${sentence.repeat(100)}\n\n${'x'.repeat(3000)}`;
  const passages = passagesOf(text);
  expect(passages[0]).toBe(`Short.\nAlso short.\n${sentence.repeat(32).trim().replaceAll('. E', '.\nE')}`);
  expect(Math.max(...passages.map(({ length }) => length))).toBeLessThanOrEqual(1200);
  const bare = (all: string) => all.replace(/\s/g, '');
  expect(bare(passages.join(''))).toBe(bare(text));
});

describe('running locally', () => {
  let run: EdgeRun;
  /** What goes wrong when vectors are next asked for. */
  let failures: Error[] = [];
  const model = scriptedModel({
    [MODELS.EMBEDDING]: () => failures.shift(),
    [MODELS.ANSWER]: ({ messages }) => {
      const { content } = (messages as { content: string }[]).at(-1)!;
      if (content.includes('busy')) return new ModelError('outOfCapacity');
      return content.includes('break')
        ? { text: 'Refunds take 14 days.', breaksAfter: 2 }
        : 'Refunds take 14 days [1].';
    },
  });

  beforeAll(async () => {
    run = await inDirectory(example, () =>
      runEdgeLocally(program, {
        config,
        secrets: { API_KEY: 'k3y' },
        bindings: { AI: model },
        timeScale: 8,
        maxWait: 0,
        onLog: () => undefined, // what fails is logged
      }),
    );
  });
  afterAll(() => run.stop());

  const call = (method: string, id: string, body?: object, key = 'k3y') =>
    run.worker('api').fetch(`/documents/${id}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body && { body: JSON.stringify(body) }),
    });
  const put = async (id: string, text: string, source = 'help') => {
    const answer = await call('PUT', id, { title: `About ${id}`, source, text });
    return [answer.status, await answer.json()];
  };
  const state = async (id: string) => ((await (await call('GET', id)).json()) as { state: string }).state;
  const ask = async (question: string, source?: string) => {
    const answer = await run
      .worker('api')
      .fetch('/ask', { method: 'POST', body: JSON.stringify({ question, source }) });
    const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('event:'));
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      events: events.map((event) => {
        const [name, data] = event.split('\n') as [string, string];
        return [name.slice(7), JSON.parse(data.slice(6))] as [string, unknown];
      }),
    };
  };
  const documentsOf = ({ events }: Awaited<ReturnType<typeof ask>>) =>
    (events.find(([name]) => name === 'sources')?.[1] as { document: string }[] | undefined)?.map(
      (one) => one.document,
    );
  const embedded = () => model.calls.filter((one) => one.model === MODELS.EMBEDDING).length;

  test('everything in the program has its place', () => {
    expect(run.unsupported).toEqual([]);
  });

  test('a document is found some seconds after it was written, and an answer streams from it', async () => {
    expect(await put('refunds', 'Refunds take 14 days.\n\nWrite to the shop.')).toEqual([
      202,
      { id: 'refunds', changed: true },
    ]);
    await until(
      () => state('refunds'),
      (now) => now === 'written',
    );
    // Nothing is made up as long as nothing is found.
    expect(await ask('How many days do refunds take?')).toMatchObject({
      status: 404,
      type: 'application/problem+json',
    });
    expect(model.calls.some((one) => one.model === MODELS.ANSWER)).toBe(false);
    await run.idle();
    expect(await state('refunds')).toBe('searchable');
    const { events, ...answer } = await ask('How many days do refunds take?');
    expect(answer).toEqual({ status: 200, type: 'text/event-stream' });
    expect(events).toEqual([
      ['sources', [{ document: 'refunds', title: 'About refunds' }]],
      ...['Refunds ', 'take ', '14 ', 'days ', '[1].'].map((text) => ['text', text]),
      ['done', {}],
    ]);
    expect(model.calls.at(-1)).toMatchObject({
      input: {
        messages: [{ content: expect.stringContaining('[1] About refunds\nRefunds take 14 days.') as string }, {}],
      },
      options: { gateway: { id: 'project-stack-ai' } },
    });
  });

  test('a question goes to one source, and finds the nearest', async () => {
    await put('office', 'The office is in Bern, near the station.', 'company');
    await put('hours', 'The office is open until six.', 'company');
    await run.idle();
    expect(documentsOf(await ask('Where is the office?'))![0]).toBe('office');
    expect(documentsOf(await ask('Until when is the office open?', 'company'))).toEqual(['hours', 'office']);
    expect(documentsOf(await ask('Where is the office?', 'help'))).toEqual(['refunds']);
  });

  test('a document that comes twice is worked on once, and a message that comes twice does no harm', async () => {
    const before = embedded();
    expect(await put('office', 'The office is in Bern, near the station.', 'company')).toEqual([
      202,
      { id: 'office', changed: false },
    ]);
    await run.queue('ingest').send({ id: 'office' }, { id: 'office' });
    await run.idle();
    expect(embedded()).toBe(before);
    expect(run.vectors('passages').ids()).toEqual(['hours.0', 'office.0', 'refunds.0']);
  });

  test('a model that fails is asked again until it answers', async () => {
    failures = [new ModelError('outOfCapacity'), new Error('out of order')];
    const before = embedded();
    await put('returns', 'Returns are free of charge.');
    await run.idle();
    expect(embedded()).toBe(before + 3);
    expect(await state('returns')).toBe('searchable');
  });

  test('a shorter text leaves nothing of the longer one, and a deleted document nothing at all', async () => {
    const paragraph = 'A long paragraph about shipping. '.repeat(30);
    await put('shipping', [paragraph, paragraph, paragraph].join('\n\n'));
    await run.idle();
    const passages = () => run.vectors('passages').ids().filter((id) => id.startsWith('shipping')); // oxfmt-ignore
    expect(passages()).toEqual(['shipping.0', 'shipping.1', 'shipping.2']);
    await put('shipping', 'Shipping is free.');
    await run.idle();
    expect(passages()).toEqual(['shipping.0']);
    expect(await run.database('db').query("SELECT text FROM passages WHERE document = 'shipping'")).toEqual([
      { text: 'Shipping is free.' },
    ]);
    expect((await call('DELETE', 'shipping')).status).toBe(202);
    // At once, though its vector is still there.
    expect(documentsOf(await ask('Is shipping free?'))).not.toContain('shipping');
    await run.idle();
    expect(passages()).toEqual([]);
    expect((await call('GET', 'shipping')).status).toBe(404);
  });

  test('a message that is no change is set aside after its last attempt', async () => {
    await run.queue('ingest').send({ id: 'nobody' });
    await run.idle();
    expect(await run.queue('ingest-dead-letter-queue').messages()).toEqual([{ id: 'nobody' }]);
  });

  test('an answer that breaks off says so, and a model without room is told before anything streams', async () => {
    const { status, events } = await ask('Will you break?');
    expect([status, events.at(-1)]).toEqual([200, ['error', 'the answer has broken off']]);
    expect(await ask('Are you busy?')).toEqual({ status: 503, type: 'application/problem+json', events: [] });
  });

  test.each([
    ['PUT', 'refunds', { title: 'T', source: 'help', text: 'x' }, 'wrong', 401],
    ['PUT', 'Refunds', { title: 'T', source: 'help', text: 'x' }, 'k3y', 400],
    ['PUT', 'refunds', { title: 'T', source: 'Help!', text: 'x'.repeat(100_001) }, 'k3y', 400],
    ['DELETE', 'nobody', undefined, 'k3y', 404],
  ])('refuses %s of %s, case %#', async (method, id, body, key, status) => {
    expect((await call(method, id, body, key)).status).toBe(status);
  });
});
