import type { Call } from '../../../kernel/call';
import type { Need } from '../../../kernel/judge';
import { text } from '../../../kernel/json';

/** The supported operations, with the parameter that names the resource. */
const SERVED: Readonly<Record<string, string | undefined>> = {
  CreateActivity: undefined,
  DeleteActivity: 'activityArn',
  DescribeActivity: 'activityArn',
  DescribeExecution: 'executionArn',
  DescribeMapRun: 'mapRunArn',
  DescribeStateMachine: 'stateMachineArn',
  DescribeStateMachineForExecution: 'executionArn',
  GetExecutionHistory: 'executionArn',
  GetActivityTask: 'activityArn',
  ListActivities: undefined,
  ListExecutions: 'stateMachineArn',
  ListMapRuns: 'executionArn',
  ListStateMachines: undefined,
  RedriveExecution: 'executionArn',
  SendTaskFailure: undefined,
  SendTaskHeartbeat: undefined,
  SendTaskSuccess: undefined,
  StartExecution: 'stateMachineArn',
  StartSyncExecution: 'stateMachineArn',
  StopExecution: 'executionArn',
  TestState: undefined,
  UpdateMapRun: 'mapRunArn',
  ValidateStateMachineDefinition: undefined,
};

/**
 * The permissions a call needs; undefined for an unsupported operation.
 * @param ownerOf the machine whose task handed out a token, or its activity
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export function statesNeeds(
  { operation, input }: Pick<Call, 'operation' | 'input'>,
  ownerOf: (token: string) => string | undefined,
): readonly Need[] | undefined {
  if (!Object.hasOwn(SERVED, operation)) return undefined;
  const field = SERVED[operation];
  const named = field === undefined ? undefined : text(input[field] ?? input.mapRunArn);
  const resource = named ?? (operation.startsWith('SendTask') ? ownerOf(text(input.taskToken) ?? '') : undefined);
  const needs = [{ action: `states:${operation}`, resource: resource ?? '*' }];
  const role = text(input.roleArn);
  if (operation !== 'TestState' || role === undefined) return needs;
  return [
    ...needs,
    { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'states.amazonaws.com' } },
  ];
}
