/** What a sensor measured. */
export interface Reading {
  readonly sensor: string;
  readonly takenAt: string;
  readonly celsius: number;
}

/**
 * The reading in a message.
 * @throws Error when it is none; the message will fail until it is in the dead-letter queue, where somebody looks at it
 */
export function readingOf(body: string): Reading {
  const { sensor, takenAt, celsius } = JSON.parse(body) as Partial<Record<keyof Reading, unknown>>;
  if (typeof sensor !== 'string' || sensor === '') throw new Error("'sensor' must name a sensor");
  if (typeof takenAt !== 'string' || Number.isNaN(Date.parse(takenAt))) throw new Error("'takenAt' must be a time");
  if (typeof celsius !== 'number' || celsius < -273.15) throw new Error("'celsius' must be a temperature");
  return { sensor, takenAt, celsius };
}
