import { resolve, sep } from 'node:path';

/**
 * The calls in the user's program that led here, the innermost first, each as in a stack trace: `new Shop (/app/shop.ts:7:5)`.
 * None of them is in this package, its sources or compiled files, in another package, or in Node.js.
 * @param above the function or class whose call is the last of no interest
 * @param limit calls to look at, all counted
 */
export function userCalls(above: object, limit = Error.stackTraceLimit): readonly string[] {
  const own = OWN.map((folder) => resolve(__dirname, '../..', folder) + sep);
  const { stackTraceLimit } = Error;
  const trace: { stack?: string } = {};
  Error.stackTraceLimit = limit;
  Error.captureStackTrace(trace, above as () => void);
  Error.stackTraceLimit = stackTraceLimit;
  return (trace.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith(CALL) && PLACED.test(line))
    .filter((line) => !PACKAGE.test(line) && !own.some((folder) => line.includes(folder)))
    .map((line) => line.slice(CALL.length));
}

/** Folders of this package with code. */
const OWN = ['lib', 'patterns'];
const CALL = '    at ';
/** Calls in the engine itself, such as `Array.map (<anonymous>)`, are in no file. */
const PLACED = /:\d+:\d+\)?$/;
const PACKAGE = /[\\/]node_modules[\\/]|\bnode:/;
