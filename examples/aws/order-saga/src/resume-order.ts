import { saga, type StartResult } from 'lintel/runtime';

/** Goes on with the undo of a parked order, whose message somebody took from the queue, once its cause is mended. */
export async function handler({ message }: { readonly message: string }): Promise<StartResult> {
  return saga('ORDER').resume(message);
}
