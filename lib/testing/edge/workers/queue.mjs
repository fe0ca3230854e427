// A queue whose messages wait so long at most.

/** @param {{ QUEUE: Queue, MOST: number }} env */
export default function ({ QUEUE, MOST }) {
  /** @template {{ delaySeconds?: number } | undefined} T @param {T} options @returns {T} */
  const bounded = (options) =>
    options?.delaySeconds === undefined ? options : { ...options, delaySeconds: Math.min(options.delaySeconds, MOST) };
  return {
    /** @param {unknown} body @param {QueueSendOptions | undefined} options */
    send: (body, options) => QUEUE.send(body, bounded(options)),
    /** @param {Iterable<MessageSendRequest>} messages @param {QueueSendBatchOptions | undefined} options */
    sendBatch: (messages, options) => QUEUE.sendBatch([...messages].map(bounded), bounded(options)),
    metrics: () => QUEUE.metrics(),
  };
}
