import { Names, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Alarms } from './alarms/alarms';
import { patternAlarms } from './alarms/pattern-alarms';
import type { AlarmsProps } from './alarms/props';

/**
 * Scope for what refers to a pattern's handler: the mapping, the handler's alarms. For a function in another stack it is
 * that stack, since its role refers to the source: created in ours, the two stacks would depend on each other.
 */
export function besideHandler(owner: Construct, handler: lambda.IFunction): Construct {
  return Stack.of(handler) === Stack.of(owner) ? owner : new Construct(handler, Names.nodeUniqueId(owner.node));
}

/** Alarms of a pattern's own resources, and those of its handler, in the handler's stack. */
export function alarmsOf(owner: Construct, side: Construct, props: AlarmsProps): { own: Alarms; beside: Alarms } {
  const own = patternAlarms(owner, props);
  return { own, beside: side === owner ? own : patternAlarms(side, props) };
}
