import { displayName } from '../model/display';
import type { Resource } from '../model/model';
import type { Assumptions } from '../model/select';
import { type Grant, grantsOf } from './grants';

/** A setting of a resource that lets anyone do something, under the conditions of the resource. */
export function open(
  holder: Resource,
  actions: readonly string[],
  resources: readonly string[],
  when: Assumptions = {},
): readonly Grant[] {
  const guards = { ...when, ...conditionOf(holder) };
  const statement = { Effect: 'Allow', Action: actions, Resource: resources } as const;
  return grantsOf({ statement, when: guards }, displayName(holder));
}

/** The condition under which a resource exists. */
export function conditionOf(resource: Resource | undefined): Assumptions {
  const condition = resource?.attributes.condition;
  return condition === undefined ? {} : { [condition]: true };
}

/** A setting whose value cannot be told. */
export function unknown(
  holder: Resource,
  actions: readonly string[],
  resource: string,
  problem: string,
): readonly Grant[] {
  return open(holder, actions, [resource]).map((grant) => ({ ...grant, problem }));
}
