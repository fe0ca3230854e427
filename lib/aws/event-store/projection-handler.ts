import { Duration, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { grantAccess, variablesOf } from '../access/apply';
import type { AccessMap } from '../access/capability';
import { handlerOf, isFunction, settingsOf } from '../service-function';
import type { HandlerSource } from '../service-function-props';

/** Variables in which the runtime's `projection()` finds its resources. */
const RESERVED = ['PROJECTION', 'EVENTS', 'CHECKPOINTS', 'MODEL', 'PARKED'];

/** Which of them the user wrote, and where. */
const ADDED: Readonly<Record<string, string>> = { 'access.MODEL': 'readModel' };

/** Functions that already serve a projection, since the variables hold only one. */
const serving = new WeakMap<lambda.Function, string>();

/** A projection's function, with what the runtime helper needs in addition to the team's settings. */
export function projectionHandler(scope: Construct, source: HandlerSource, access: AccessMap): lambda.Function {
  if (!isFunction(source)) {
    const settings = settingsOf(source);
    const granted = { ...settings, access: { ...settings.access, ...access } };
    return handlerOf(scope, 'Handler', granted, { onFailure: 'none', timeout: Duration.minutes(1) }, { added: ADDED });
  }
  serving.set(source, scope.node.path);
  grantAccess(source, access, { owner: scope, prop: (name) => ADDED[`access.${name}`] ?? `handler.access.${name}` });
  for (const [name, value] of variablesOf(access, source.env)) source.addEnvironment(name, value);
  return source;
}

/** Checks of a handler that gets variables of ours. */
export function variableChecks(scope: Construct, source: HandlerSource): Check[] {
  if (isFunction(source)) {
    const other = serving.get(source);
    return [
      {
        prop: 'handler',
        value: source,
        valid: () => Stack.of(source) === Stack.of(scope),
        rule: 'must be in the same stack: it reads the tables, and the replay invokes it, so two stacks would depend on each other',
        remedy: 'give the path of its module, or create the function in this stack',
      },
      {
        prop: 'handler',
        value: source,
        valid: () => other === undefined,
        rule: `must serve only one projection, and already serves ${other}`,
        remedy: 'give each projection a function of its own',
      },
    ];
  }
  const { access = {}, environment = {} } = settingsOf(source);
  return RESERVED.flatMap((name) =>
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
