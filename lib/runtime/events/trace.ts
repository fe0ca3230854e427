const TRACE = /^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16})(?:;.*?Sampled=([01]))?/;

/**
 * The W3C trace context of an X-Ray trace.
 * @param header as in `_X_AMZN_TRACE_ID`, set by the runtime
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceparent(header: string | undefined): string | undefined {
  const [, time, number, parent, sampled] = TRACE.exec(header ?? '') ?? [];
  return time === undefined ? undefined : `00-${time}${number}-${parent}-0${sampled ?? '0'}`;
}
