import type { LocalExecution } from './handle';

/** Thrown when an execution expected to succeed did not. */
export class StateMachineFailed extends Error {
  override readonly name = 'StateMachineFailed';

  /** @param execution the failed execution */
  constructor(readonly execution: LocalExecution) {
    const { name, status, error, cause } = execution;
    const reason = [error, cause].filter((part) => part !== undefined).join(': ');
    super(`the execution '${name}' is ${status}${reason === '' ? '' : `: ${reason}`}\n${execution.table()}`);
  }
}
