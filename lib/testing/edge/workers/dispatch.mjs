// A dispatch namespace whose Workers are those that stand in for what the program does not make.

/** @param {Record<string, Fetcher>} workers by WORKER and their names */
export default function (workers) {
  return {
    /** @param {string} name */
    get: (name) => ({
      /** @param {RequestInfo} input @param {RequestInit} [init] */
      async fetch(input, init) {
        const worker = workers[`WORKER ${name}`];
        if (!worker) throw new Error('Worker not found.');
        const answer = await worker.fetch(new Request(input, init));
        const failed = answer.headers.get('x-lintel-failed');
        if (failed !== null) throw new Error(decodeURIComponent(failed));
        return answer;
      },
    }),
  };
}
