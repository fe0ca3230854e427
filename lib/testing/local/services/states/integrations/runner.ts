import { RUNTIME } from '../../../../../core/asl/errors';
import type { HttpResponse } from '../../../kernel/call';
import type { Caller } from '../../../kernel/caller';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import type { Activities } from '../activities';
import { NotRunHere, StateFailure } from '../engine/failure';
import type { TaskRequest, TaskRunner } from '../engine/tasks';
import type { TaskTokens } from '../engine/tokens';
import { activityKeyRefusal } from '../keys';
import { integrationOf } from './find';
import { requestIdOf, resourceOf, type ServiceError } from './integration';
import type { NestedExecutions } from './nested';

/** Dependencies of a runner. */
export interface RunnerParts {
  readonly context: LocalContext;
  /** The ARN of the machine. */
  readonly machineArn: string;
  /** The machine's role, or why it cannot be assumed. */
  readonly role: () => Caller | string;
  /** The tokens of all machines. */
  readonly tokens: TaskTokens;
  /** The activities that workers poll. */
  readonly activities: Activities;
  /** Executions that tasks wait for. */
  readonly nested: NestedExecutions;
}

/** Runs a machine's task calls through the run's API, under the machine's role. */
export class Runner implements TaskRunner {
  readonly tokens: TaskTokens;
  readonly region: string;

  /** @param parts its dependencies */
  constructor(private readonly parts: RunnerParts) {
    this.tokens = parts.tokens;
    this.region = parts.context.region;
  }

  async call(task: TaskRequest): Promise<unknown> {
    const { call, parameters, role, execution, raw } = task;
    const { context, machineArn } = this.parts;
    if (this.schedule(task)) return undefined;
    const what =
      call.kind === 'integration' ? resourceOf(call) : call.kind === 'activity' ? call.arn : text(call.resource);
    const integration = integrationOf(call);
    if (!integration || !context.serves(integration.service)) throw this.notRun(what ?? 'nothing');
    const caller = this.callerOf(role);
    const given =
      call.kind === 'function' ? { FunctionName: what, Payload: parameters } : parametersOf(parameters, what ?? '');
    const api = call.kind === 'integration' ? call.api : 'invoke';
    const request = integration.request(api, given, { execution, machine: machineArn });
    const response = await context.call(integration.service, request, caller);
    if (response.status === 501) throw this.notRun(what ?? '');
    if (response.status >= 400) {
      const error = errorOf(response);
      // A function in no template may still exist on AWS.
      if (integration.service === 'lambda' && error.code === 'ResourceNotFoundException')
        throw this.notRun(error.message);
      throw integration.failure(error);
    }
    return raw ? Buffer.from(response.body ?? '') : integration.answer(api, response);
  }

  /** Queues an activity task for a worker; false for other tasks, or a missing activity. */
  private schedule({ call, parameters, role, worker }: TaskRequest): boolean {
    const { activities } = this.parts;
    const activity = call.kind === 'activity' ? activities.find(call.arn) : undefined;
    if (call.kind !== 'activity' || !worker || !activity) return false;
    const refused = activityKeyRefusal(this.parts.context, activity, this.callerOf(role));
    // No page names the error; this one cannot be caught.
    if (refused !== undefined) throw new StateFailure(RUNTIME, refused);
    const { token, begun } = worker;
    activities.schedule(call.arn, {
      token: token.token,
      input: JSON.stringify(parameters),
      open: () => token.isOpen(),
      begin: (name) => {
        token.begin();
        begun(name);
      },
    });
    return true;
  }

  async finished(request: TaskRequest, answer: JsonObject): Promise<unknown> {
    const { call } = request;
    const parsed = call.kind === 'integration' && call.sync === 2;
    return this.parts.nested.finished(
      text(answer.ExecutionArn) ?? '',
      this.callerOf(request.role),
      parsed,
      request.signal,
    );
  }

  private callerOf(role: string | undefined): Caller {
    const { context, machineArn } = this.parts;
    const own = this.parts.role();
    // On AWS, the machine would not have been created.
    if (typeof own === 'string') throw new NotRunHere(own);
    if (role === undefined) return own;
    context.judgeDelivery(own, { action: 'sts:AssumeRole', resource: role });
    const other = context.assume(role, { service: 'states.amazonaws.com' });
    if (typeof other !== 'string') return other;
    const said = `The role ${own.arn} is not authorized to assume the task state's role, ${role}.`;
    throw new StateFailure('States.TaskFailed', `${said} (${machineArn}: ${other})`);
  }

  private notRun(what: string): NotRunHere {
    this.parts.context.notServed({ caller: this.parts.machineArn, service: 'states', operation: what });
    return new NotRunHere(`The local run does not run '${what}'.`);
  }
}

function parametersOf(parameters: unknown, what: string): JsonObject {
  if (isRecord(parameters)) return parameters;
  throw new StateFailure(
    'States.Runtime',
    `The Parameters '${JSON.stringify(parameters)}' could not be used to start the Task '${what}'`,
  );
}

function errorOf(response: HttpResponse): ServiceError {
  const source = String(response.body ?? '');
  const body = recordOf(parseJson(source));
  const inXml = (name: string) => new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(source)?.[1];
  const header = [response.headers?.['x-amzn-errortype']].flat()[0];
  const code = header ?? text(body.__type)?.split('#').at(-1) ?? inXml('Code') ?? String(response.status);
  return {
    code: code.split(':')[0]!,
    message: text(body.message ?? body.Message) ?? inXml('Message') ?? '',
    status: response.status,
    requestId: requestIdOf(response),
  };
}
