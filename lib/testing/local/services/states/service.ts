import { allStates } from '../../../../core/asl/definition';
import { jsonataIn } from '../../../../core/asl/expressions';
import { taskCall } from '../../../../core/asl/task';
import { jsonResponse } from '../../kernel/aws-errors';
import type { Caller } from '../../kernel/caller';
import { LocalRunError, messageOf } from '../../kernel/errors';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService, ServicePrincipal } from '../../kernel/service';
import { Activities, ACTIVITY } from './activities';
import { statesNeeds } from './api/needs';
import { answer, type OperationsParts } from './api/operations';
import type { ExecutionEngine } from './engine/execution';
import { StateFailure } from './engine/failure';
import { unreadHere } from './engine/item-reader';
import type { TaskRunner } from './engine/tasks';
import { ServiceTime } from '../../kernel/service-time';
import { TaskTokens } from './engine/tokens';
import { Executions } from './executions';
import { LocalExecution, type LocalMachine } from './handle';
import { integrationOf } from './integrations/find';
import { NestedExecutions } from './integrations/nested';
import { Runner } from './integrations/runner';
import { JsonataEvaluator } from './jsonata/evaluator';
import { ALIAS, MACHINE, type Machine, Machines, VERSION } from './machines';
import { machineFaults } from './refusals';
import { MapRuns } from './map-runs';
import { StatusEvents } from './status-events';
import { CONSTRAINTS } from './api/constraints';
import { judgeRoleKey } from '../../kernel/role-keys';
import { activityKeyRefusal, KEY_DENIAL, keysOfCall } from './keys';

const STATES = 'states.amazonaws.com';
const CANNOT_RUN = 'cannot run: ';

/** AWS Step Functions: the templates' state machines, Standard and Express. */
export function states(context: LocalContext): LocalService {
  const machines = new Machines(context.deployment);
  const jsonata = new JsonataEvaluator();
  const time = new ServiceTime(context.clock);
  const tokens = new TaskTokens(() => time.now());
  const activities = new Activities(() => time.now());
  const statusEvents = new StatusEvents(context);
  const nested = new NestedExecutions(context, () => executions);
  const mapRuns = new MapRuns({
    executions: () => executions,
    now: () => time.now(),
    refusal: (machine, needs) => {
      const role = roleOf(machine);
      return typeof role === 'string' ? role : context.access.refusal(role, needs, 'platform')?.message;
    },
  });
  const executions: Executions = new Executions({
    engine: engineOf,
    changed: (execution, machine) => {
      if (execution.start.mapRunArn === undefined) statusEvents.send(execution, machine);
    },
    now: () => time.now(),
    checkKey,
  });
  const parts: OperationsParts = {
    machines,
    executions,
    mapRuns,
    tokens,
    activities,
    patience: () => context.clock.milliseconds(60),
    since: time.now(),
    now: () => time.now(),
    arn: (resource) => context.arn('states', resource),
    tester,
  };

  function engineOf(machine: Machine): ExecutionEngine {
    const tasks = new Runner({
      context,
      machineArn: machine.arn,
      role: () => roleOf(machine),
      tokens,
      nested,
      activities,
    });
    return { time, jsonata, tasks, maps: mapRuns.runner(machine), express: machine.express };
  }

  /** The engine for `TestState`, which calls under the role in the request. */
  function tester(roleArn: string | undefined, mock: JsonObject | undefined): ExecutionEngine {
    const role = () => context.assume(roleArn ?? '', { service: STATES });
    const runner = new Runner({
      context,
      machineArn: context.arn('states', 'stateMachine:test'),
      role,
      tokens,
      nested,
      activities: new Activities(() => time.now()),
    });
    const tasks: TaskRunner = mock ? { ...mocked(mock), region: context.region, tokens } : runner;
    return { time, jsonata, tasks, maps: mapRuns.runner(machines.all[0]!), express: true };
  }

  /** The machine's role as a caller, or why it cannot be assumed. */
  function roleOf({ deployed, roleArn }: Machine): Caller | string {
    return context.assume(roleArn, { service: STATES, acting: deployed });
  }

  async function start(): Promise<void> {
    for (const activity of context.deployment.ofType(ACTIVITY)) activities.add(activity);
    machines.all.forEach(reportNotRun);
  }

  function reportNotRun(machine: Machine): void {
    for (const fault of machineFaults(machine.deployed.given)) report(machine, `AWS refuses to create it: ${fault}`);
    for (const reason of notRun(machine)) report(machine, reason);
    try {
      checkKey(machine);
    } catch (error) {
      report(machine, `its executions are not started: ${messageOf(error)}`);
    }
  }

  /**
   * Execution data is encrypted under the machine's role.
   * @throws AwsError when the role may not use the key
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
   */
  function checkKey(machine: Machine): void {
    const role = roleOf(machine);
    if (typeof role !== 'string') judgeRoleKey(context, machine.deployed, role, KEY_DENIAL);
  }

  /** Why a machine's role may not hand tasks to an activity. */
  function activityRefusal(machine: Machine, arn: string): string | undefined {
    const role = roleOf(machine);
    const activity = activities.find(arn);
    return typeof role === 'string' || !activity ? undefined : activityKeyRefusal(context, activity, role);
  }

  function report({ deployed }: Machine, reason: string): void {
    context.unsupported({ resource: deployed.displayName, type: deployed.type, reason });
  }

  /** What AWS would reject in a machine, or is unsupported locally. */
  function notRun(machine: Machine): readonly string[] {
    const { read, refused } = machine;
    if ('fault' in read) return [`${CANNOT_RUN}its definition ${read.fault}`];
    const faults = refused.map((fault) => `${CANNOT_RUN}AWS refuses its definition: ${fault}`);
    const calls = allStates(read.machine).flatMap(({ name, body }) => {
      const call = taskCall(body.Resource);
      if (!call) return [];
      const resource = text(body.Resource) ?? '';
      if (call.kind === 'activity' && activities.has(call.arn)) {
        const refused = activityRefusal(machine, call.arn);
        return refused === undefined ? [] : [`its state '${name}' fails: ${refused}`];
      }
      const integration = integrationOf(call);
      const called =
        call.kind === 'function' ? resource : integration?.service === 'lambda' ? functionIn(body) : undefined;
      const missing = called !== undefined && !context.functions.target(called);
      if (integration && context.serves(integration.service) && !missing) return [];
      return [`its state '${name}' calls '${missing ? called : resource}', which is not run: the execution ends there`];
    });
    const readers = allStates(read.machine).flatMap(({ name, body }) => {
      const unread = isRecord(body.ItemReader) ? unreadHere(body.ItemReader) : undefined;
      return unread === undefined
        ? []
        : [`its state '${name}' reads ${unread}, which is not run: the execution ends there`];
    });
    return [...faults, ...calls, ...readers];
  }

  function handleOf(machine: Machine): LocalMachine {
    const begin: LocalMachine['start'] = (input = {}, { name } = {}) => {
      const reasons = notRun(machine).filter((reason) => reason.startsWith(CANNOT_RUN));
      if (reasons.length > 0) throw new LocalRunError(`'${machine.deployed.displayName}' ${reasons.join('; ')}`);
      const given = { input: JSON.stringify(input), name };
      return new LocalExecution(executions.start(machine, given));
    };
    return {
      arn: machine.arn,
      get executions() {
        return executions.of(machine).map((one) => new LocalExecution(one));
      },
      start: begin,
      run: (input, options) => begin(input, options).succeeded(),
    };
  }

  /** Starts an execution for a rule, a schedule or another service. */
  async function receive({ target, payload, sender }: Delivery): Promise<void> {
    const machine = machines.existing(target);
    context.judgeDelivery(sender, { action: 'states:StartExecution', resource: target });
    executions.start(machine, {
      input: typeof payload === 'string' && parseJson(payload) !== undefined ? payload : JSON.stringify(payload),
    });
  }

  /** Executions waiting for a callback are not pending work. */
  async function pending(): Promise<readonly string[]> {
    const running = executions.running.filter((one) => !tokens.waits(one.start.arn)).length;
    return [
      ...(running > 0 ? [`${running} executions of state machines`] : []),
      ...(statusEvents.left > 0 ? [`${statusEvents.left} events of executions`] : []),
    ];
  }

  function principals(): readonly ServicePrincipal[] {
    return machines.all.map(({ deployed, roleArn }) => ({ resource: deployed, role: roleArn, service: STATES }));
  }

  return {
    resourceTypes: [MACHINE, VERSION, ALIAS, ACTIVITY],
    writers: [MACHINE],
    api: {
      signingNames: ['states'],
      protocol: 'json',
      constraints: CONSTRAINTS,
      denial: { code: 'AccessDeniedException', status: 400, key: KEY_DENIAL },
      keys: (call) => keysOfCall(call, { machines, executions, activities }),
      needs: (call) => statesNeeds(call, (token) => tokens.ownerOf(token)),
      handle: async (call) => jsonResponse(await answer(call, parts)),
    },
    handles: { machine: { types: [MACHINE], of: (deployed) => handleOf(machines.of(deployed)) } },
    principals,
    start,
    make: (one) => {
      if (one.type === ACTIVITY) activities.add(one);
      if (one.type === MACHINE) reportNotRun(machines.of(one));
    },
    receives: (arn) => machines.withArn(arn) !== undefined,
    receive,
    pending,
    stop: async () => {
      activities.stop();
      await executions.stop();
      await statusEvents.stop();
      await jsonata.stop();
    },
  };
}

/** The function a task names; undefined if set by an expression. */
function functionIn({ Arguments, Parameters = Arguments }: JsonObject): string | undefined {
  const name = text(recordOf(Parameters).FunctionName);
  return name === undefined || jsonataIn(name) !== undefined ? undefined : name;
}

/** A task runner with a mocked result. */
function mocked({ result, errorOutput }: JsonObject): Pick<TaskRunner, 'call' | 'finished'> {
  const give = async (): Promise<unknown> => {
    const { error, cause } = (errorOutput ?? {}) as JsonObject;
    if (errorOutput !== undefined) throw new StateFailure(text(error), text(cause));
    return parseJson(text(result) ?? 'null');
  };
  return { call: give, finished: give };
}
