import { dataOf, type Result } from './data';
import { Group } from './group';
import type { Visit } from './visit';

/** Runs a Parallel's branches with the same input; their outputs come in branch order. */
export async function runParallel(visit: Visit): Promise<Result> {
  const { run, state, flowing } = visit;
  const { history } = run;
  const input = await dataOf(state.language).arguments(visit);
  const started = history.add(flowing, 'ParallelStateStarted');
  const group = new Group(visit);
  const branches = state.inner.map(async (flow, index) => {
    const branch = group.flowing(index, started);
    const output = await group.run(flow, input, branch);
    flowing.previous = branch.previous;
    return output;
  });
  const value = await group.all(branches);
  history.append('ParallelStateSucceeded', flowing.previous);
  return { value };
}

/** Records the final failure of a Parallel. */
export function parallelFailed({ run, flowing }: Visit): void {
  run.history.add(flowing, 'ParallelStateFailed');
}
