import type { LocalExecution } from './handle';

/** An execution that was to succeed, and did not. */
export class StateMachineFailed extends Error {
  override readonly name = 'StateMachineFailed';

  /** @param execution what failed */
  constructor(readonly execution: LocalExecution) {
    const { name, status, error, cause } = execution;
    const reason = [error, cause].filter((part) => part !== undefined).join(': ');
    super(`the execution '${name}' is ${status}${reason === '' ? '' : `: ${reason}`}\n${execution.table()}`);
  }
}
