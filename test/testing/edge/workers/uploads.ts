interface Env {
  readonly SEEN: KVNamespace;
}

interface BucketEvent {
  readonly action: string;
  readonly object: { readonly key: string; readonly size?: number };
}

/** Keeps what it was told of a bucket. */
export default {
  async queue(batch, { SEEN }) {
    const told = JSON.parse((await SEEN.get('told')) ?? '[]') as string[];
    told.push(...batch.messages.map(({ body: { action, object } }) => `${action} ${object.key} ${object.size}`));
    await SEEN.put('told', JSON.stringify(told));
  },
} satisfies ExportedHandler<Env, BucketEvent>;
