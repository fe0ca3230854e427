interface Env {
  readonly SEEN: KVNamespace;
}

interface Job {
  readonly id: number;
  readonly poison?: boolean;
  readonly broken?: boolean;
}

const attempts = new Map<number, number>();

/** Keeps which jobs came in which batch, and how often each was tried. */
export default {
  async queue(batch, { SEEN }) {
    if (batch.messages.some(({ body, attempts: count }) => body.broken && count === 1)) throw new Error('broken');
    const batches = JSON.parse((await SEEN.get('batches')) ?? '[]') as number[][];
    batches.push(batch.messages.map(({ body }) => body.id));
    await SEEN.put('batches', JSON.stringify(batches));
    for (const message of batch.messages) {
      attempts.set(message.body.id, message.attempts);
      if (message.body.poison) message.retry();
      else message.ack();
    }
    await SEEN.put('attempts', JSON.stringify(Object.fromEntries(attempts)));
  },
  async scheduled({ cron, scheduledTime }, { SEEN }) {
    if (scheduledTime === 0) throw new Error('midnight');
    await SEEN.put('ran', `${cron} ${new Date(scheduledTime).toISOString()}`);
  },
} satisfies ExportedHandler<Env, Job>;
