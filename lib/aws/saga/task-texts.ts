import { Stack } from 'aws-cdk-lib';
import { QueryLanguage, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * The arguments of a saga's task. A path is a Token until resolved, and then a string that JSONata takes
 * literally.
 */
export function argumentsOf(task: TaskStateBase): unknown {
  const { Arguments } = task.toStateJson(QueryLanguage.JSONATA) as { readonly Arguments?: unknown };
  return Stack.of(task).resolve(Arguments);
}

/** All strings in the arguments of a saga's task. */
export function textsOf(task: TaskStateBase): readonly string[] {
  return textsIn(argumentsOf(task));
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
