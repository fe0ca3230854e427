import type { SagaPlan } from '../plan';

/** A saga as its function receives it: the plan, and which function does what. */
export interface DurablePlan extends SagaPlan {
  /** For each step, the indexes of its functions in the list of their names. */
  readonly calls: Readonly<Record<string, { readonly action: number; readonly compensation?: number }>>;
}
