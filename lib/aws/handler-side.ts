import { Names, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Alarms } from './alarms/alarms';
import type { AlarmsProps } from './alarms/props';

/**
 * Where a pattern makes what names its handler: the mapping, the handler's alarms. For a function of another stack that is
 * the function's own stack, whose role names the source already: made in ours, the two stacks would need each other.
 */
export function besideHandler(owner: Construct, handler: lambda.IFunction): Construct {
  return Stack.of(handler) === Stack.of(owner) ? owner : new Construct(handler, Names.nodeUniqueId(owner.node));
}

/** The alarms of a pattern's own resources, and those of its handler, which stand beside it. */
export function alarmsOf(owner: Construct, side: Construct, props: AlarmsProps): { own: Alarms; beside: Alarms } {
  const own = new Alarms(owner, 'Alarms', props);
  return { own, beside: side === owner ? own : new Alarms(side, 'Alarms', props) };
}
