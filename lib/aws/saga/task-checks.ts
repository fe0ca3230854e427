import { QueryLanguage, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { jsonataIn } from '../../core/asl/expressions';
import type { Check } from '../../core/check/check';
import { jsonataFault } from './expression-checks';
import { argumentsOf, textsOf } from './task-texts';

/** Fields of a task that the saga sets. */
const DECIDED: Readonly<Record<string, string>> = {
  Retry: "set 'retry' on the step",
  Catch: 'leave it out: a failure turns the saga around',
  Next: 'leave it out: the order of the steps determines it',
  Assign: 'leave it out: later steps read $results',
  Output: "leave it out: the task's result is the step's",
  TimeoutSeconds: "set 'timeout' on the step",
};

/** Checks of a Step Functions task as a step: JSONata, and only what it calls. */
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
      remedy: 'pass a task of aws-stepfunctions-tasks, or a handler',
    },
    {
      prop,
      value: task,
      valid: () => paths.length === 0 && state.Parameters === undefined,
      rule: 'must be a task in JSONata',
      remedy: 'create it with its jsonata(): DynamoPutItem.jsonata(this, ...)',
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
