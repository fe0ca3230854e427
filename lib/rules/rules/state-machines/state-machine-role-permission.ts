import { ModelAccess } from '../../../core/iam/model-access';
import { findAction } from '../../../core/iam/actions';
import { calledResources, CALLS } from '../../../core/iam/platform-actions';
import { displayName } from '../../../core/model/display';
import { at, items, toText } from '../../../core/model/select';
import { Reference, type Value } from '../../../core/model/values';
import { functionsNamed } from '../../lookups/functions';
import { judgeRole } from '../../lookups/role-judgements';
import { type Call, machines, type State } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

/** Parameters that name the resource of a task. */
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

/** IAM’s names where they differ from the integration's. */
const SERVICES: Readonly<Record<string, string>> = { eventbridge: 'events', sfn: 'states' };
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': CALLS.function.required,
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  'sns:PublishBatch': CALLS.topic.required,
  'sqs:SendMessageBatch': CALLS.queue.required,
};

export const stateMachineRolePermission: Rule = {
  id: 'StateMachineRolePermission',
  severity: 'error',
  title: 'A state machine’s role may do what its tasks do',
  why: 'Otherwise the task is refused, and the execution fails at that point.',
  fix: 'allow the role the action on the resource',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html',
  *check({ model }) {
    const { names } = ModelAccess.of(model);
    for (const { machine, states } of machines(model)) {
      for (const state of states) {
        const { name, property, call } = state;
        const place = { resource: machine, property, detail: name };
        const lacks = (actions: readonly string[], on: readonly string[], what: string) =>
          judgeRole(
            model,
            { runner: machine, role: 'RoleArn', actions, on, place },
            (missing) => `has ${name} ${what}, but its role lacks ${missing} on it`,
          );
        for (const { action, target } of [...(call ? needsOf(call) : []), ...filesOf(state)]) {
          const called = model.target(target) ?? functionsNamed(model, target)[0]?.function;
          const arn = names.arnOf(target, machine.template);
          if (!called || arn === undefined) continue;
          // Listing is an action on the bucket, not on its objects.
          const on = action === 's3:ListBucket' ? [arn] : calledResources(arn);
          yield* lacks([action], on, `call ${displayName(called)}`);
          if (call?.pattern === 'job' && call.integration?.service === 'states') {
            const executions = [`${arn.replace(':stateMachine:', ':execution:')}:*`];
            yield* lacks(['states:DescribeExecution'], executions, `wait for executions of ${displayName(called)}`);
          }
        }
        const own = names.arnOf(new Reference(machine.id), machine.template);
        if (isDistributed(state) && own !== undefined) {
          yield* lacks([CALLS.stateMachine.required], [own], 'start an execution of the machine for each item');
        }
      }
    }
  },
};

/** What a distributed map reads, and where it writes. */
function filesOf({ body }: State): { action: string; target: Value }[] {
  return ['ItemReader', 'ResultWriter'].flatMap((field) => {
    const holder = at(body, field);
    const [, api] = /:s3:(\w+)$/.exec(toText(at(holder, 'Resource')) ?? '') ?? [];
    const bucket = at(holder, 'Arguments.Bucket') ?? at(holder, 'Parameters.Bucket');
    const plain = `s3:${(api ?? '').charAt(0).toUpperCase()}${(api ?? '').slice(1)}`;
    return api === undefined || bucket === undefined ? [] : [{ action: ACTIONS[plain] ?? plain, target: bucket }];
  });
}

function isDistributed({ body }: State): boolean {
  return toText(at(body, 'ItemProcessor.ProcessorConfig.Mode')) === 'DISTRIBUTED';
}

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
