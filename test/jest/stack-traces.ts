/**
 * Traces of calls in packages, which have no source maps, without the copy of each call that source-map-support makes: CDK
 * takes a trace for each resource, and nine of its ten calls are a package's.
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
