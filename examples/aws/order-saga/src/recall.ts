import type { CompensationEvent } from 'lintel/runtime';
import { cancel } from './ledger';

/** Calls the courier back, or sees to it that none is sent. */
export async function handler({ actionKey }: CompensationEvent): Promise<void> {
  await cancel(String(process.env.SHIPMENTS), actionKey);
}
