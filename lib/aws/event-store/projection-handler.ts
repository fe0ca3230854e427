import { Duration, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { grantAccess, variablesOf } from '../access/apply';
import type { AccessMap } from '../access/capability';
import { handlerOf, isFunction, settingsOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';

/** Names by which `projection()` of the runtime helper finds what it works with. */
const OURS = ['PROJECTION', 'EVENTS', 'CHECKPOINTS', 'MODEL', 'PARKED'];

/** Functions that serve a projection already: the variables say which. */
const serving = new WeakMap<lambda.Function, string>();

/** The function of a projection, with what the runtime helper needs beside what the team gives it. */
export function projectionHandler(scope: Construct, source: HandlerSource, access: AccessMap): lambda.Function {
  if (!isFunction(source)) {
    const settings = settingsOf(source);
    const granted = { ...settings, access: { ...settings.access, ...access } };
    return handlerOf(scope, 'Handler', granted, { onFailure: 'none', timeout: Duration.minutes(1) });
  }
  serving.set(source, scope.node.path);
  grantAccess(source, access);
  for (const [name, value] of variablesOf(access, source.env)) source.addEnvironment(name, value);
  return source;
}

/** What must hold for a handler whose variables are not the team's alone. */
export function variableChecks(scope: Construct, source: HandlerSource): Check[] {
  if (isFunction(source)) {
    const other = serving.get(source);
    return [
      {
        prop: 'handler',
        value: source,
        valid: () => Stack.of(source) === Stack.of(scope),
        rule: 'must be of the same stack: it reads the tables, and the replay calls it, so that two stacks would need each other',
        remedy: 'give the path of its module, or make the function in this stack',
      },
      {
        prop: 'handler',
        value: source,
        valid: () => other === undefined,
        rule: `must serve one projection, and serves ${other} already`,
        remedy: 'give each projection a function of its own',
      },
    ];
  }
  const { access = {}, environment = {} } = settingsOf(source);
  return OURS.flatMap((name) =>
    [
      { prop: `handler.access.${name}`, value: Object.keys(access).includes(name) ? name : undefined },
      { prop: `handler.environment.${name}`, value: Object.keys(environment).includes(name) ? name : undefined },
    ].map(({ prop, value }) => ({
      prop,
      value,
      valid: () => value === undefined,
      rule: 'must not be a name that projections use',
      remedy: 'choose another name',
    })),
  );
}
