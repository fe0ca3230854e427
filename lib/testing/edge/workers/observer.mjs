// Stands beside the Workers of a program: it reaches every store, keeps what queues hold that nobody consumes, and hands
// the batches of the others to their consumers, so that it knows what is still to be worked on.

/**
 * @typedef {object} Consumer who works on a queue
 * @property {string} worker the binding of the Worker
 * @property {number} attempts how often a message is handed out at most
 */
/** @typedef {{ kind: string, failed: boolean }} Invocation */
/** @typedef {{ outcome: string, retryBatch: Retry & { retry: boolean }, retryMessages?: (Retry & { msgId: string })[] }} Answer */
/** @typedef {{ delaySeconds?: number }} Retry */

/** @type {Record<string, unknown[]>} */
const kept = {};
/** Messages that will come again. @type {Set<string>} */
const awaited = new Set();
let batches = 0;
/** By the name of the Worker. @type {Record<string, { total: number, failed: number }>} */
const invocations = {};

/** @type {Record<string, (asked: any, env: any) => unknown>} */
const ACTIONS = {
  async query({ on, sql, parameters }) {
    const statement = on.prepare(sql);
    return (await (parameters.length > 0 ? statement.bind(...parameters) : statement).all()).results;
  },
  batch: async ({ on, statements }) =>
    void (await on.batch(statements.map((/** @type {string} */ sql) => on.prepare(sql)))),
  get: ({ on, key }) => on.get(key),
  put: ({ on, key, value }) => on.put(key, value),
  send: ({ on, bodies }) => on.sendBatch(bodies.map((/** @type {unknown} */ body) => ({ body }))),
  messages: ({ queue }) => kept[queue] ?? [],
  async read({ on, key }) {
    const object = await on.get(key);
    return object ? [...new Uint8Array(await object.arrayBuffer())] : null;
  },
  write: ({ on, key, content }) => on.put(key, new Uint8Array(content)),
  remove: ({ on, key }) => on.delete(key),
  async pending({ queues }, env) {
    const waiting = await Promise.all(
      queues.map(async (/** @type {string} */ binding) => (await env[binding].metrics()).backlogCount),
    );
    return batches + awaited.size + waiting.reduce((sum, count) => sum + count, 0);
  },
  invocations: () => invocations,
};

export default {
  /** @param {Request} request @param {Record<string, any>} env */
  async fetch(request, env) {
    if (request.headers.get('x-lintel-key') !== env.KEY)
      return new Response('only for the run itself\n', { status: 403 });
    const { action, binding, ...rest } = await request.json();
    try {
      return Response.json({ value: (await ACTIONS[action]?.({ on: env[binding], ...rest }, env)) ?? null });
    } catch (error) {
      return Response.json({ error: error instanceof Error ? error.message : String(error) });
    }
  },

  /** @param {MessageBatch} batch @param {Record<string, any>} env */
  async queue(batch, env) {
    const consumer = /** @type {Record<string, Consumer>} */ (env.CONSUMERS)[batch.queue];
    if (!consumer) {
      (kept[batch.queue] ??= []).push(...batch.messages.map(({ body }) => body));
      return;
    }
    /** @param {number | undefined} seconds */
    const bounded = (seconds) =>
      seconds === undefined ? undefined : Math.min(seconds, /** @type {number | null} */ (env.MOST_DELAY) ?? Infinity);
    batches++;
    for (const { id } of batch.messages) awaited.delete(id);
    const again = (/** @type {readonly Message[]} */ messages) => {
      for (const { id, attempts } of messages) if (attempts < consumer.attempts) awaited.add(id);
    };
    try {
      const messages = batch.messages.map(({ id, timestamp, body, attempts }) => ({ id, timestamp, body, attempts }));
      /** @type {Answer} */
      const { outcome, retryBatch, retryMessages = [] } = await env[consumer.worker].queue(batch.queue, messages);
      if (outcome !== 'ok') throw new Error(`the 'queue' handler ended with '${outcome}'`);
      if (retryBatch.retry) {
        again(batch.messages);
        batch.retryAll({ delaySeconds: bounded(retryBatch.delaySeconds) });
        return;
      }
      for (const { msgId, delaySeconds } of retryMessages) {
        const message = batch.messages.find(({ id }) => id === msgId);
        if (!message) continue;
        again([message]);
        message.retry({ delaySeconds: bounded(delaySeconds) });
      }
    } catch (error) {
      again(batch.messages);
      throw error;
    } finally {
      batches--;
    }
  },

  /** @param {TraceItem[]} events @param {unknown} _ @param {{ props: { worker: string } }} context whose they are */
  tail(events, _, { props }) {
    for (const { outcome, exceptions } of events) {
      const counts = (invocations[props.worker] ??= { total: 0, failed: 0 });
      counts.total++;
      // A batch whose handler threw is 'ok' for the runtime.
      if (outcome !== 'ok' || exceptions.length > 0) counts.failed++;
    }
  },
};
