import { ENVELOPE, type Outcome, RESUME } from './outcome';
import type { SagaData } from './parked';

/** What an execution started with. */
export interface Beginning extends SagaData {
  /** The business key. */
  readonly key: string;
  readonly outcomes: Readonly<Record<string, Outcome | readonly Outcome[]>>;
}

/** From the name and the input of an execution: nothing done yet, or what its predecessor left. */
export function beginningOf(name: string, text: string | undefined): Beginning {
  const input = JSON.parse(text ?? 'null') as Readonly<Record<string, unknown>> | null;
  const envelope = typeof input === 'object' && !Array.isArray(input) ? input?.[ENVELOPE] : undefined;
  if (envelope !== undefined && new RegExp(`${RESUME}[0-9]+$`).test(name)) return envelope as Beginning;
  const started = envelope === undefined ? input : (envelope as Pick<Beginning, 'input'>).input;
  return { key: name, input: started, results: {}, items: {}, outcomes: {} };
}
