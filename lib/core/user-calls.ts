import { resolve, sep } from 'node:path';

/**
 * The calls in the user's program that led here, the innermost first, each as in a stack trace: `new Shop (/app/shop.ts:7:5)`.
 * None of them is in this package, its sources or compiled files, in another package, or in Node.js.
 * @param above the function or class whose call is the last of no interest
 * @param limit calls to look at, all counted
 */
export function userCalls(above: object, limit = Error.stackTraceLimit): readonly string[] {
  const { stackTraceLimit } = Error;
  const trace: { stack?: string } = {};
  Error.stackTraceLimit = limit;
  Error.captureStackTrace(trace, above as () => void);
  Error.stackTraceLimit = stackTraceLimit;
  const isLibrary = (file: string) => PACKAGE.test(file) || OWN.some((folder) => file.startsWith(folder));
  return (trace.stack ?? '').split('\n').flatMap((line) => {
    const file = PLACED.exec(line)?.[1];
    return file === undefined || isLibrary(file) ? [] : [line.slice(CALL.length)];
  });
}

/** Folders of this package with code. */
const OWN = ['lib', 'patterns'].map((folder) => resolve(__dirname, '../..', folder) + sep);
const CALL = '    at ';
/** A call with its file; one in the engine itself, such as `Array.map (<anonymous>)`, has none. */
const PLACED = /^ {4}at (?:.*\(|async )?(?:file:\/\/)?([^()]*):\d+:\d+\)?$/;
const PACKAGE = /[\\/]node_modules[\\/]|^node:/;
