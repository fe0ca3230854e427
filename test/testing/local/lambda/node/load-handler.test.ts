import type { Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import type { FunctionError, LocalRun } from 'lintel/testing';
import { fromHandlers, running, shop, stopRuns } from '../../support';

const NEVER_SETTLED = 'Runtime.NodeJsExit: The Lambda runtime client detected an unexpected Node.js exit code';
const NO_REASON = 'Runtime.ExitError: RequestId: id Error: Runtime exited without providing a reason';
const EXIT_1 = 'Runtime.ExitError: RequestId: id Error: Runtime exited with error: exit status 1';
const CALLBACK = 'Runtime.CallbackHandlerDeprecated: ERROR: AWS Lambda has removed support for callback-based';

/** A way to answer, what comes of it up to Node.js 22, and from 24 on. */
const TABLE: readonly (readonly [handler: string, until22: unknown, from24: unknown])[] = [
  ['returnsValue', null, 'value'],
  ['returnsPromise', 'value', 'value'],
  ['returnsThenable', 'value', 'value'],
  ['returnsNothing', null, null],
  ['callsBack', 'value', CALLBACK],
  ['callsBackLater', 'value', CALLBACK],
  ['callsBackWithError', 'RangeError: broken', CALLBACK],
  ['callsBackAndReturns', 'first', CALLBACK],
  ['takesCallback', null, CALLBACK],
  ['seesArguments', 3, 2],
  ['callsBackBeforeTimer', { timer: true }, CALLBACK],
  ['callsBackWithoutWaiting', { timer: false }, CALLBACK],
  ['succeeds', { timer: false }, 'TypeError: context.succeed is not a function'],
  ['isDone', { timer: false }, 'TypeError: context.done is not a function'],
  ['fails', 'string: handled', 'TypeError: context.fail is not a function'],
  ['resolvesBeforeTimer', { timer: false }, { timer: false }],
  ['throws', 'RangeError: broken', 'RangeError: broken'],
  ['throwsText', 'string: text', 'string: text'],
  ['throwsUndefined', 'string: handled', 'undefined: undefined'],
  ['throwsAtOnce', 'RangeError: broken', 'RangeError: broken'],
  ['neverSettles', NEVER_SETTLED, NO_REASON],
  ['returnsPendingPromise', null, NO_REASON],
  ['rejectsUnhandled', 'Runtime.UnhandledPromiseRejection: RangeError: nobody', EXIT_1],
  ['throwsUncaught', 'RangeError: broken', EXIT_1],
  ['answersBigInt', 'Error: Unable to stringify', 'Runtime.JSONStringifyError: Unable to stringify'],
];

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack: Stack) => {
      for (const [handler] of TABLE) {
        const props = { handler: `index.${handler}` };
        fromHandlers(stack, `${handler}22`, 'answers', { ...props, runtime: Runtime.NODEJS_22_X });
        fromHandlers(stack, `${handler}24`, 'answers', { ...props, runtime: Runtime.NODEJS_24_X });
      }
    }),
  );
});
afterAll(stopRuns);

/** What the handler answers, or its error as text. */
async function outcome(fn: string): Promise<unknown> {
  try {
    return await run.invoke(fn);
  } catch (error) {
    const { errorType, message } = error as FunctionError;
    return `${errorType}: ${message.replace(/RequestId: \S+/, 'RequestId: id')}`;
  }
}

describe.each(TABLE)('%s', (handler, until22, from24) => {
  const asExpected = (expected: unknown) =>
    typeof expected === 'string' && expected.includes(': ') ? expect.stringContaining(expected) : expected;

  test.each([
    ['22', until22],
    ['24', from24],
  ])('on Node.js %s, twice', async (major, expected) => {
    expect(await outcome(handler + major)).toEqual(asExpected(expected));
    expect(await outcome(handler + major)).toEqual(asExpected(expected));
  });
});

test('a handler that takes a callback is warned of Node.js 24, once for each environment', async () => {
  await run.invoke('callsBack22');
  const warnings = run.logs('callsBack22').filter(({ message }) => message.includes('\tWARN\t'));
  expect(warnings).toHaveLength(1);
});
