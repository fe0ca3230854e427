/**
 * CDK takes a stack trace for each resource, and source-map-support copies each call of it to map its position. Most calls are
 * in packages, which have no source maps: those are written as they are.
 */
const mapped = Error.prepareStackTrace;
const OF_PACKAGE = /[\\/]node_modules[\\/]|^node:/;

if (mapped) {
  Error.prepareStackTrace = (error, calls) => {
    const head = String(mapped(error, []));
    const lines = calls.map((call) =>
      OF_PACKAGE.test(call.getFileName() ?? '')
        ? `\n    at ${String(call)}`
        : String(mapped(error, [call])).slice(head.length),
    );
    return head + lines.join('');
  };
}

export {};
