import { subscriber } from 'lintel/runtime/edge';

interface Env {
  readonly DONE: KVNamespace;
  readonly SUBSCRIPTION: string;
}

interface Events {
  readonly OrderPlaced: { readonly n: number; readonly poison?: boolean };
}

/** Counts how often it worked on each event. */
export default subscriber<Events, Env>({
  on: {
    async OrderPlaced({ poison }, { id }, { DONE, SUBSCRIPTION }) {
      if (poison) throw new Error(`${id} cannot be worked on`);
      const key = `${SUBSCRIPTION}:${id}`;
      await DONE.put(key, String(Number((await DONE.get(key)) ?? 0) + 1));
    },
  },
});
