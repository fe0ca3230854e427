exports.handler = async ({ headers }) => ({
  statusCode: 200,
  body: JSON.stringify({
    header: headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id'],
    own: process.env._X_AMZN_TRACE_ID,
  }),
});
