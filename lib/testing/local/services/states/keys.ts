import type { Call } from '../../kernel/call';
import type { Caller } from '../../kernel/caller';
import { judgeKeyUse, type KeyDenial, type KeyUse } from '../../kernel/encryption-key';
import { messageOf } from '../../kernel/errors';
import { recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { Activities, Activity } from './activities';
import type { Executions } from './executions';
import type { Machine, Machines } from './machines';

/** How Step Functions refuses a caller that may not use a key. */
export const KEY_DENIAL: KeyDenial = { code: 'KmsAccessDeniedException', status: 400 };

/** Operations that return what is encrypted with a machine's key. */
const READS = [
  'DescribeExecution',
  'DescribeStateMachine',
  'DescribeStateMachineForExecution',
  'GetExecutionHistory',
  'StartSyncExecution',
];

/** Where the keys of calls are found. */
export interface KeyedStates {
  readonly machines: Machines;
  readonly executions: Executions;
  readonly activities: Activities;
}

/**
 * The keys that a caller uses with a call.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html#using-api-with-encryption-required-permissions
 */
export function keysOfCall({ operation, input }: Call, parts: KeyedStates): readonly KeyUse[] {
  const service = 'states';
  if (operation === 'CreateActivity') {
    const key = text(recordOf(input.encryptionConfiguration).kmsKeyId);
    return key === undefined ? [] : [{ key, actions: ['kms:DescribeKey'], service, of: 'activity' }];
  }
  const actions = ['kms:Decrypt'];
  if (operation === 'GetActivityTask') {
    const activity = parts.activities.find(text(input.activityArn) ?? '');
    return activity?.key === undefined ? [] : [{ ...ofActivity(activity, activity.key), actions, service }];
  }
  const readsNothing = input.includedData === 'METADATA_ONLY' || input.includeExecutionData === false;
  if (!READS.includes(operation) || readsNothing) return [];
  const machine = machineOf(text(input.stateMachineArn), text(input.executionArn), parts);
  const key = machine && keyOf(machine);
  if (!machine || key === undefined) return [];
  const encryptionContext = { 'aws:states:stateMachineArn': machine.arn };
  return [{ key, actions, service, of: 'state machine', encryptionContext }];
}

/** The customer's key that encrypts a machine's executions; undefined for a key of AWS. */
export function keyOf({ deployed }: Machine): string | undefined {
  return text(recordOf(deployed.properties.EncryptionConfiguration).KmsKeyId);
}

/** Why a machine's role may not use the key of an activity; undefined if it may. */
export function activityKeyRefusal(context: LocalContext, activity: Activity, role: Caller): string | undefined {
  if (activity.key === undefined) return undefined;
  const use = { ...ofActivity(activity, activity.key), actions: ['kms:GenerateDataKey', 'kms:Decrypt'] };
  try {
    judgeKeyUse(context, use, role, KEY_DENIAL, 'platform');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function ofActivity({ arn }: Activity, key: string): Pick<KeyUse, 'key' | 'of' | 'encryptionContext'> {
  return { key, of: 'activity', encryptionContext: { 'aws:states:activityArn': arn } };
}

function machineOf(
  machine: string | undefined,
  execution: string | undefined,
  { machines, executions }: KeyedStates,
): Machine | undefined {
  return machine === undefined ? executions.machineOf(execution ?? '') : machines.withArn(machine);
}
