/** Does nothing, whatever calls it. */
export default { fetch: () => new Response(), queue: () => undefined, scheduled: () => undefined };
