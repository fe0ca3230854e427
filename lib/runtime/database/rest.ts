/**
 * After being idle for this long a connection is tested before use, in milliseconds. A frozen environment does not notice that its
 * connection was closed, and the peer may have forgotten it by then: the next packet is answered by a reset, or not at all.
 */
export const LONG_REST = 60_000;

/** How long a connection may take to respond, in milliseconds. */
export const ANSWER_WITHIN = 2_000;

/** Lets pending input be processed: any read reveals that a connection was closed. */
export async function whatCame(): Promise<void> {
  await turnOfTheLoop();
  await turnOfTheLoop();
}

/** Whether a request is answered in time. */
export async function isAnswered(ask: () => Promise<unknown>): Promise<boolean> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), ANSWER_WITHIN);
  });
  const answer = ask().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(late);
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
