import { ModelAccess } from '../../../core/iam/model-access';
import { findAction } from '../../../core/iam/actions';
import { calledResources, CALLS } from '../../../core/iam/platform-actions';
import { displayName } from '../../../core/model/display';
import { at, items } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { functionsNamed } from '../../lookups/functions';
import { judgeRole } from '../../lookups/role-judgements';
import { type Call, machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

/** Parameters that name what a task works on. */
const TARGETS = [
  'FunctionName',
  'QueueUrl',
  'TopicArn',
  'TableName',
  'StateMachineArn',
  'Bucket',
  'StreamName',
  'SecretId',
  'EventBusName',
];

/** IAM’s names where they are not those of the integration. */
const SERVICES: Readonly<Record<string, string>> = { eventbridge: 'events', sfn: 'states' };
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': CALLS.function.required,
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
};

/** A state machine may do what its tasks do. */
export const stateMachineRolePermission: Rule = {
  id: 'StateMachineRolePermission',
  severity: 'error',
  title: 'A state machine’s role may do what its tasks do',
  why: 'The task is refused otherwise, and the execution fails when it gets there.',
  fix: 'allow the role the action on the resource',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, call } of states) {
        for (const { action, target } of call ? needsOf(call) : []) {
          const called = model.target(target) ?? functionsNamed(model, target)[0]?.function;
          const arn = ModelAccess.of(model).names.arnOf(target, machine.template);
          if (!called || arn === undefined) continue;
          const place = { resource: machine, property, detail: name };
          yield* judgeRole(
            model,
            { runner: machine, role: 'RoleArn', actions: [action], on: calledResources(arn), place },
            (missing) => `has ${name} call ${displayName(called)}, but its role lacks ${missing} on it`,
          );
        }
      }
    }
  },
};

function needsOf({ integration, parameters, function: fn }: Call): { action: string; target: Value }[] {
  if (!integration) return fn === undefined ? [] : [{ action: CALLS.function.required, target: fn }];
  const service = SERVICES[integration.service] ?? integration.service;
  const plain = `${service}:${integration.api.charAt(0).toUpperCase()}${integration.api.slice(1)}`;
  const action = ACTIONS[plain] ?? findAction(plain)?.name;
  if (action === undefined) return [];
  const direct = TARGETS.flatMap((parameter) => at(parameters, parameter) ?? []);
  const buses = items(at(parameters, 'Entries')).flatMap((entry) => at(entry, 'EventBusName') ?? []);
  return [...direct, ...buses].map((target) => ({ action, target }));
}
