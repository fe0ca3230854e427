import { QueryLanguage, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { jsonataIn } from '../../core/asl/expressions';
import type { Check } from '../../core/check/check';
import { jsonataFault } from './expression-checks';
import { argumentsOf, textsOf } from './task-texts';

/** Fields of a task that the saga itself decides. */
const DECIDED: Readonly<Record<string, string>> = {
  Retry: "say it in 'retry' of the step",
  Catch: 'leave it out: a failure turns the saga round',
  Next: 'leave it out: the order of the steps decides',
  Assign: 'leave it out: later steps read $results',
  Output: "leave it out: the task's result is the step's",
  TimeoutSeconds: "say it in 'timeout' of the step",
};

/** A task of Step Functions as a step takes it: only what it calls, in JSONata. */
export function taskChecks(task: TaskStateBase, prop: string): Check[] {
  const state = task.toStateJson(QueryLanguage.JSONATA) as Record<string, unknown>;
  const parameters = argumentsOf(task);
  const paths = JSON.stringify(parameters ?? {}).match(/\.\$":|"\$[.[]/g) ?? [];
  return [
    {
      prop,
      value: task,
      valid: () => state.Type === 'Task',
      rule: 'must be a task',
      remedy: 'give a task of aws-stepfunctions-tasks, or a handler',
    },
    {
      prop,
      value: task,
      valid: () => paths.length === 0 && state.Parameters === undefined,
      rule: 'must be a task in JSONata',
      remedy: 'make it with its jsonata(): DynamoPutItem.jsonata(this, ...)',
    },
    ...textsOf(task).flatMap((text) => {
      const source = jsonataIn(text);
      const fault = source === undefined ? undefined : jsonataFault(source);
      return fault === undefined ? [] : [{ prop, value: text, valid: () => false, ...fault }];
    }),
    ...Object.entries(DECIDED).map(([field, remedy]) => ({
      prop,
      value: task,
      valid: () => state[field] === undefined,
      rule: `must not have ${field}`,
      remedy,
    })),
  ];
}
