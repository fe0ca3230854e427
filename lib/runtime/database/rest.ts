/**
 * After so long without a word a connection is asked before it is used, in milliseconds. An environment that was frozen does not hear that its
 * connection was closed, and whoever closed it may have forgotten it by then: the first word is then answered by a reset, or not at all.
 */
export const LONG_REST = 60_000;

/** So long a connection may take to say that it is there, in milliseconds. */
export const ANSWER_WITHIN = 2_000;

/** Lets what has come in meanwhile be heard: that a connection was closed is known as soon as anything is read. */
export async function whatCame(): Promise<void> {
  await turnOfTheLoop();
  await turnOfTheLoop();
}

/** Whether something is answered in time. */
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
