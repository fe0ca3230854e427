import { Stack } from 'aws-cdk-lib';
import { QueryLanguage, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * What a task of a saga calls with. A path is a Token until it is resolved, and then a text that JSONata takes for what it
 * says.
 */
export function argumentsOf(task: TaskStateBase): unknown {
  const { Arguments } = task.toStateJson(QueryLanguage.JSONATA) as { readonly Arguments?: unknown };
  return Stack.of(task).resolve(Arguments);
}

/** All texts in what a task of a saga calls with. */
export function textsOf(task: TaskStateBase): readonly string[] {
  return textsIn(argumentsOf(task));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
