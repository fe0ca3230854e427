import { randomUUID } from 'node:crypto';

/** The header of a new trace, as X-Ray would start one: `Root=1-...`. */
export function newTrace(): string {
  const id = randomUUID();
  return `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${id.slice(0, 8)}${id.slice(9, 13)}${id.slice(24)}`;
}

/**
 * The trace header of an invocation: unsampled, so that tracing libraries send nothing.
 * @param trace the header of the trace that it belongs to
 */
export function traceOfInvocation(trace: string): string {
  const id = randomUUID();
  return `${trace};Parent=${id.slice(0, 8)}${id.slice(24, 32)};Sampled=0`;
}
