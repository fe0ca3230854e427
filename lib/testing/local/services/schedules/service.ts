import { randomUUID } from 'node:crypto';
import { jsonResponse } from '../../kernel/aws-errors';
import type { Caller } from '../../kernel/caller';
import type { Deployed } from '../../kernel/deployment';
import { LocalRunError, messageOf } from '../../kernel/errors';
import { Targets } from '../event-bridge/targets';
import { type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext, LocalService, ServicePrincipal } from '../../kernel/service';
import { answer, OPERATIONS, type ScheduleOperationsContext, schedulerKeys, schedulerNeeds } from './operations';
import { Requests } from './requests';
import { type LocalSchedule, malformed, scheduleOf } from './schedule';
import { ScheduleStore, type StoredSchedule } from './store';
import { settingsFaults } from './settings';
import { ScheduleTimers } from './timers';
import { roleKeyRefusal } from '../../kernel/role-keys';

const SCHEDULE = 'AWS::Scheduler::Schedule';
const GROUP = 'AWS::Scheduler::ScheduleGroup';
const SCHEDULER = 'scheduler.amazonaws.com';

/** EventBridge Scheduler: template schedules run when a test fires them; handler-created ones also by the clock. */
export function schedules(context: LocalContext): LocalService {
  const targets = new Targets(context);
  const arn = (resource: string) => context.arn('scheduler', resource);
  const store = new ScheduleStore(arn);
  const timers = new ScheduleTimers(context.clock, (schedule, at) => {
    try {
      fire(schedule, at);
    } catch (error) {
      context.logs.write(schedule.displayName, `ERROR ${messageOf(error)}`);
    }
    if (store.find(schedule.group, schedule.name) === schedule) timers.wait(schedule, at);
  });
  const operations: ScheduleOperationsContext = {
    store,
    arn,
    requests: new Requests(),
    assumes: (schedule) => typeof roleOf(schedule) !== 'string',
    reaches: (target) => context.reaches(target),
    region: context.region,
    changed: (schedule) => {
      const kept = store.find(schedule.group, schedule.name);
      if (kept) timers.wait(kept);
      else timers.forget(schedule);
    },
  };
  const made: Deployed[] = [];
  const groups: Deployed[] = [];
  for (const one of context.deployment.ofType(GROUP, SCHEDULE)) make(one);

  function make(one: Deployed): void {
    const { type, name, displayName, properties } = one;
    if (type === GROUP) return addGroup(one);
    const group = text(properties.GroupName) ?? 'default';
    const twin = made.find((other) => other.name === name && (text(other.properties.GroupName) ?? 'default') === group);
    if (twin) reportTwin(one, twin);
    made.push(one);
    store.put({ name, displayName, group, properties, byHandler: false });
  }

  function addGroup(one: Deployed): void {
    const { type, name, displayName: resource } = one;
    const twin = groups.find((group) => group.name === name);
    groups.push(one);
    if (twin) reportTwin(one, twin);
    else if (name !== 'default') store.addGroup(name);
    else {
      const reason = "AWS refuses to create it: every account has the group 'default'";
      context.unsupported({ resource, type, reason });
    }
  }

  /** A name is taken in its account and region only; here one schedule, or group, has it in all. */
  function reportTwin({ type, displayName: resource, region, account, name }: Deployed, twin: Deployed): void {
    const reason =
      twin.region === region && twin.account === account
        ? `AWS refuses to create it: '${twin.displayName}' has its name '${name}'`
        : `it has the same name as '${twin.displayName}' in another account or region: they share one here`;
    context.unsupported({ resource, type, reason });
  }

  /** What AWS refuses in a schedule of a template. */
  function refusals({ properties, given, region }: Deployed): readonly string[] {
    const group = text(properties.GroupName) ?? 'default';
    const written = ['StartDate', 'EndDate'].filter((name) => /T[\d:]+Z?$/.test(text(properties[name]) ?? ''));
    return [
      ...settingsFaults(given, { now: Date.now(), region }),
      ...written.map((name) => `${name} needs to follow the format yyyy-MM-ddTHH:mm:ss.SSSZ`),
    ]
      .map((fault) => `AWS refuses to create it: ${fault}`)
      .concat(
        store.allGroups.some(({ name }) => name === group)
          ? []
          : [`its group '${group}' is in no template: AWS refuses to create it unless the group exists`],
      );
  }

  async function begin(): Promise<void> {
    for (const schedule of made) {
      const { displayName: resource, type, properties } = schedule;
      const reason = malformed(schedule, 'scheduler');
      if (reason) context.unsupported({ resource, type, reason });
      for (const refusal of refusals(schedule)) context.unsupported({ resource, type, reason: refusal });
      const role = roleOf({ group: text(properties.GroupName) ?? 'default', properties });
      const refused = typeof role === 'string' ? undefined : keyRefusalOf(schedule, role);
      if (refused !== undefined) context.unsupported({ resource, type, reason: `it cannot run: ${refused}` });
      const target = text(recordOf(properties.Target).Arn) ?? '';
      if (context.reaches(target)) continue;
      context.unsupported({ resource, type, reason: `its target '${target}' is not run` });
    }
  }

  /** Delivers to the target under the schedule's role; failures go to the dead-letter queue. */
  function fire(schedule: StoredSchedule, at: Date): void {
    const target = recordOf(schedule.properties.Target);
    const executionId = randomUUID();
    const payload = inputOf(target, schedule, at, executionId);
    const fault = malformed(schedule, 'scheduler');
    if (fault) throw new LocalRunError(`'${schedule.displayName}' ${fault}`);
    const role = roleOf(schedule);
    if (typeof role === 'string') throw new LocalRunError(`'${schedule.displayName}' cannot run: ${role}`);
    const refused = roleKeyRefusal(context, { ...schedule, type: SCHEDULE }, role);
    if (refused !== undefined) throw new LocalRunError(`'${schedule.displayName}' cannot run: ${refused}`);
    targets.begin({
      target,
      payload: () => payload,
      sender: role,
      deadLetterSender: role,
      deadLetter: payload,
      attributes: { SCHEDULE_ARN: schedule.arn, EXECUTION_ID: executionId, SCHEDULED_TIME: isoSeconds(at) },
      name: schedule.displayName,
    });
    const once = text(schedule.properties.ScheduleExpression)?.startsWith('at(') === true;
    if (!once) return;
    timers.forget(schedule);
    if (schedule.properties.ActionAfterCompletion === 'DELETE') store.remove(schedule);
  }

  /** The schedule's role as a caller, or why it cannot be assumed. */
  function roleOf({ group, properties }: Pick<StoredSchedule, 'group' | 'properties'>): Caller | string {
    const acting = { arn: '', properties: { ...properties, GroupName: group }, arnHere: context.arn.bind(context) };
    return context.assume(text(recordOf(properties.Target).RoleArn) ?? '', { service: SCHEDULER, acting });
  }

  function keyRefusalOf({ name, properties }: Deployed, role: Caller): string | undefined {
    const stored = store.find(text(properties.GroupName) ?? 'default', name);
    return stored && roleKeyRefusal(context, { ...stored, type: SCHEDULE }, role);
  }

  function handleOf(schedule: StoredSchedule): LocalSchedule {
    return scheduleOf(schedule, async (at) => fire(schedule, at));
  }

  function principals(): readonly ServicePrincipal[] {
    return made.map((resource) => ({
      resource,
      role: text(recordOf(resource.properties.Target).RoleArn) ?? '',
      service: SCHEDULER,
    }));
  }

  return {
    resourceTypes: [SCHEDULE, GROUP],
    writers: [SCHEDULE],
    api: {
      signingNames: ['scheduler'],
      protocol: 'rest-json',
      denial: { code: 'AccessDeniedException', status: 403 },
      operation: (request) => OPERATIONS.read(request)?.operation,
      needs: (call) => schedulerNeeds(call, arn),
      keys: (call) => schedulerKeys(call, arn),
      handle: async (call) => jsonResponse(answer(call, operations)),
    },
    handles: {
      schedule: {
        types: [SCHEDULE],
        of: ({ name, displayName, properties }) => {
          const kept = store.find(text(properties.GroupName) ?? 'default', name);
          return kept?.displayName === displayName ? handleOf(kept) : GONE;
        },
        made: () => {
          const others = store.all.filter(({ displayName }) => !made.some((one) => one.displayName === displayName));
          return new Map(others.map((one) => [one.displayName, handleOf(one)] as const));
        },
      },
    },
    principals,
    make,
    begin,
    pending: async () => (targets.left > 0 ? [`${targets.left} runs of schedules`] : []),
    stop: () => {
      timers.stop();
      return targets.stop();
    },
  };
}

/** Stands in for a template schedule deleted by a handler. */
const GONE: LocalSchedule = {
  timeZone: 'UTC',
  enabled: false,
  fire: async () => undefined,
};

/**
 * The input with its context attributes replaced; without an input, Scheduler's default event.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(target: JsonObject, schedule: StoredSchedule, at: Date, executionId: string): unknown {
  const values: Readonly<Record<string, string>> = {
    'aws.scheduler.schedule-arn': schedule.arn,
    'aws.scheduler.scheduled-time': isoSeconds(at),
    'aws.scheduler.execution-id': executionId,
    'aws.scheduler.attempt-number': '1',
  };
  const input = text(target.Input);
  if (input === undefined) return {};
  const filled = input.replace(/<([\w.-]+)>/g, (whole, name: string) => values[name] ?? whole);
  return parseJson(filled) ?? filled;
}

function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
