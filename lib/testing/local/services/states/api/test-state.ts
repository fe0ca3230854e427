import { randomUUID } from 'node:crypto';
import { allStates, readDefinition } from '../../../../../core/asl/definition';
import { AwsError } from '../../../kernel/aws-errors';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../../kernel/json';
import { Execution, type ExecutionEngine } from '../engine/execution';
import { isCovered } from '../engine/retry';
import { StateFailure } from '../engine/failure';

/** Dependencies of `TestState`. */
export interface StateTester {
  /** An engine that calls under a role, with task results mocked if given. */
  readonly tester: (roleArn: string | undefined, mock: JsonObject | undefined) => ExecutionEngine;
  /** The account and region, for ARNs. */
  readonly arn: (resource: string) => string;
}

/**
 * `TestState`: runs a single state, at inspection level `INFO`.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
export async function testState(input: JsonObject, { tester, arn }: StateTester): Promise<unknown> {
  const level = text(input.inspectionLevel) ?? 'INFO';
  if (level !== 'INFO') {
    throw new AwsError('LocalRunUnsupported', `TestState with the inspection level ${level} is not run here`, 501);
  }
  const { name, body } = stateIn(text(input.definition) ?? '', text(input.stateName));
  const mock = isRecord(input.mock) ? input.mock : undefined;
  const type = text(body.Type) ?? '';
  if (['Map', 'Parallel'].includes(type)) {
    const supported = '[Task, Wait, Pass, Succeed, Fail, Choice]';
    const said = `TestState API does not support Map or Parallel states. Supported state types include: ${supported}`;
    throw new AwsError('InvalidDefinition', said);
  }
  // Transitions are reported, not followed: only one state runs.
  const alone = withoutRetry(body);
  const flow = readDefinition({ StartAt: name, States: { [name]: alone, ...endsFor(alone) } });
  const machine = randomUUID();
  const run = randomUUID();
  const execution = new Execution(
    {
      arn: arn(`express:${machine}:${run}`),
      name: run,
      machineArn: arn(`stateMachine:${machine}`),
      machineName: machine,
      roleArn: text(input.roleArn) ?? '',
      flow,
      input: text(input.input) ?? '{}',
    },
    tester(text(input.roleArn), mock),
  );
  execution.begin();
  await execution.done;
  return resultOf(execution, body);
}

function stateIn(
  definition: string,
  stateName: string | undefined,
): { readonly name: string; readonly body: JsonObject } {
  const parsed = parseJson(definition);
  if (!isRecord(parsed)) {
    throw new AwsError(
      'InvalidDefinition',
      `Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: it is not JSON'`,
    );
  }
  if (!isRecord(parsed.States)) return { name: 'StateName', body: parsed };
  const found = allStates(readDefinition(parsed)).find(({ name }) => name === stateName);
  if (!found) throw new AwsError('ValidationException', `State '${stateName}' is not in the definition`);
  return { name: found.name, body: { ...found.body, QueryLanguage: found.language } };
}

function withoutRetry({ Retry: _, ...body }: JsonObject): JsonObject {
  return body;
}

function endsFor(body: JsonObject): JsonObject {
  const flow = readDefinition({ StartAt: 'S', States: { S: body } });
  const targets = flow.states.get('S')!.transitions.map(({ to }) => to);
  return Object.fromEntries(targets.map((to) => [to, { Type: 'Succeed' }]));
}

function resultOf({ status, history, output, error, cause }: Execution, body: JsonObject): unknown {
  const exited = history.events.find(({ type }) => type.endsWith('StateExited'));
  const details = recordOf(exited?.stateExitedEventDetails);
  const next = text(
    recordOf(history.events.filter(({ type }) => type.endsWith('StateEntered'))[1]?.stateEnteredEventDetails).name,
  );
  const failed = history.events.find(({ type }) =>
    /^(?:Task|LambdaFunction)(?:Failed|TimedOut)$|^EvaluationFailed$/.test(type),
  );
  const shown = exited ? { output: details.output } : output === undefined ? {} : { output };
  if (!failed && status === 'SUCCEEDED') return { ...shown, ...(next !== undefined && { nextState: next }), status };
  const reason = failed
    ? recordOf(Object.entries(failed).find(([name]) => name.endsWith('EventDetails'))?.[1])
    : { error, cause };
  const failure = new StateFailure(text(reason.error), text(reason.cause));
  const shape = failure.details;
  const retriers = readDefinition({ StartAt: 'S', States: { S: body } }).states.get('S')!.retriers;
  if (retriers.some((one) => isCovered(one.errors, failure) && (one.maxAttempts ?? 0) > 0))
    return { ...shape, status: 'RETRIABLE' };
  if (exited) return { ...shape, ...shown, ...(next !== undefined && { nextState: next }), status: 'CAUGHT_ERROR' };
  return { ...shape, status: 'FAILED' };
}
