import { lambda } from '../../../../../core/facts';
import { AwsError } from '../../../kernel/aws-errors';
import type { OperationUpdate } from './wire';

/** The usage of an execution against its limits. */
export interface Usage {
  operations: number;
  bytes: number;
}

/**
 * Counts updates, and refuses what Lambda refuses.
 * @throws AwsError when a payload is too large, or the execution has used up its operations or its storage
 */
export function checkLimits(updates: readonly OperationUpdate[], usage: Usage): void {
  for (const [index, update] of updates.entries()) checkShape(update, index + 1);
  for (const update of updates) {
    checkSizes(update);
    if (update.Action === 'START' || update.Action === 'RETRY') usage.operations++;
    usage.bytes += sizeOf(update);
  }
  const { durableOperations, durableStorage } = lambda;
  if (usage.operations > durableOperations.value)
    throw refused(`Durable execution operations must be less than or equal to ${durableOperations.value}.`);
  if (usage.bytes > durableStorage.value)
    throw refused(`Durable execution storage must be less than or equal to ${durableStorage.value} bytes.`);
}

/** The bytes that an update writes. */
function sizeOf({ Payload = '', Error: error }: OperationUpdate): number {
  return Buffer.byteLength(Payload) + (error ? Buffer.byteLength(JSON.stringify(error)) : 0);
}

function checkShape({ Type, Action, WaitOptions }: OperationUpdate, position: number): void {
  const seconds = WaitOptions?.WaitSeconds ?? 0;
  if (Type !== 'WAIT' || Action !== 'START' || seconds >= 1) return;
  const message =
    `1 validation error detected: Value '${seconds}' at 'updates.${position}.member.waitOptions.waitSeconds' ` +
    'failed to satisfy constraint: Member must have value greater than or equal to 1';
  throw new AwsError('ValidationException', message, 400);
}

function checkSizes({ Type, Action, Payload = '', Error: error }: OperationUpdate): void {
  const { durableStepPayload, durableInvokePayload } = lambda;
  const size = Buffer.byteLength(Payload);
  const what = `${Type} ${Type === 'CHAINED_INVOKE' ? 'input' : 'output'} payload size`;
  const most = Type === 'CHAINED_INVOKE' ? durableInvokePayload.value : durableStepPayload.value;
  // The final result has a separate limit; a context's result is read again, like a step's.
  if (Type !== 'EXECUTION' && size > most) throw refused(`${what} must be less than or equal to ${most} bytes.`);
  if (error && Buffer.byteLength(JSON.stringify(error)) > durableStepPayload.value)
    throw refused(`Error object size must be less than or equal to ${durableStepPayload.value} bytes.`);
  if (Action === 'FAIL' && Type === 'WAIT') throw refused('Invalid WAIT action.');
}

function refused(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400);
}
