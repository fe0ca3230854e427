import {
  allow,
  assumedBy,
  compact,
  getAtt,
  inlinePolicy,
  made,
  omit,
  pick,
  type RawResources,
  ref,
  type SamResource,
} from './raw';
import { recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** What a rule or schedule calls. */
export interface Called {
  /** Logical id of the rule or schedule. */
  readonly id: string;
  /** The properties of the event. */
  readonly properties: JsonObject;
  /** The ARN of what is called. */
  readonly arn: JsonObject;
  /**
   * The role for the call.
   * @default - none; a schedule gets its own
   */
  readonly role?: unknown;
}

/** A rule with one target, and the queue that SAM creates if the event asks for one. */
export function ruleResources(from: SamResource, called: Called & { readonly targetId: string }): RawResources {
  const { id, properties, arn, role, targetId } = called;
  const { Schedule: expression, Pattern: pattern, Enabled: enabled } = properties;
  const deadLetters = deadLetterQueue(from, id, properties.DeadLetterConfig, 'events.amazonaws.com');
  const own = recordOf(properties.Target).Id;
  return {
    [id]: made(from, 'AWS::Events::Rule', {
      ...pick(properties, ['Name', 'Description', 'EventBusName']),
      ScheduleExpression: expression,
      EventPattern: pattern,
      State: properties.State ?? (enabled === undefined ? undefined : enabled === false ? 'DISABLED' : 'ENABLED'),
      Targets: [
        compact({
          Id: own ?? `${id}${targetId}`,
          Arn: arn,
          RoleArn: role,
          ...pick(properties, ['Input', 'InputPath', 'InputTransformer', 'RetryPolicy']),
          DeadLetterConfig: deadLetters.config,
        }),
      ],
    }),
    ...deadLetters.resources,
  };
}

/** A schedule, a role if the event names none, and the queue that SAM creates if the event asks for one. */
export function scheduleResources(from: SamResource, called: Called & { readonly action: string }): RawResources {
  const { id, properties, arn, action } = called;
  const given = properties.RoleArn;
  const deadLetters = deadLetterQueue(from, id, properties.DeadLetterConfig);
  const forwards =
    deadLetters.arn === undefined ? [] : [inlinePolicy('DeadLetters', allow(CALLS.queue.required, deadLetters.arn))];
  return {
    [id]: made(from, 'AWS::Scheduler::Schedule', {
      ...omit(properties, ['DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn', 'PermissionsBoundary', 'OmitName']),
      FlexibleTimeWindow: properties.FlexibleTimeWindow ?? { Mode: 'OFF' },
      Target: compact({
        Arn: arn,
        RoleArn: given ?? getAtt(`${id}Role`, 'Arn'),
        ...pick(properties, ['Input', 'RetryPolicy']),
        DeadLetterConfig: deadLetters.config,
      }),
    }),
    ...(given === undefined
      ? {
          [`${id}Role`]: made(from, 'AWS::IAM::Role', {
            AssumeRolePolicyDocument: assumedBy('scheduler.amazonaws.com'),
            Policies: [inlinePolicy(`${id}Policy`, allow(action, arn)), ...forwards],
            PermissionsBoundary: properties.PermissionsBoundary,
          }),
        }
      : {}),
    ...deadLetters.resources,
  };
}

interface DeadLetters {
  readonly arn?: unknown;
  readonly config?: JsonObject;
  readonly resources: RawResources;
}

/** The queue of a `DeadLetterConfig`: by ARN, or created by SAM, with a queue policy that lets a rule send to it. */
function deadLetterQueue(from: SamResource, id: string, raw: unknown, service?: string): DeadLetters {
  const { Arn: arn, Type: type, QueueLogicalId: name } = recordOf(raw);
  if (arn !== undefined) return { arn, config: { Arn: arn }, resources: {} };
  if (type !== 'SQS') return { resources: {} };
  const queue = typeof name === 'string' ? name : `${id}Queue`;
  const statement = {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: CALLS.queue.required,
    Resource: getAtt(queue, 'Arn'),
    Condition: { ArnEquals: { 'aws:SourceArn': getAtt(id, 'Arn') } },
  };
  return {
    arn: getAtt(queue, 'Arn'),
    config: { Arn: getAtt(queue, 'Arn') },
    resources: {
      [queue]: made(from, 'AWS::SQS::Queue', {}),
      ...(service === undefined
        ? {}
        : {
            [`${id}QueuePolicy`]: made(from, 'AWS::SQS::QueuePolicy', {
              Queues: [ref(queue)],
              PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
            }),
          }),
    },
  };
}
