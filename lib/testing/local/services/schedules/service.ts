import { randomUUID } from 'node:crypto';
import type { Deployed } from '../../kernel/deployment';
import { LocalRunError } from '../../kernel/errors';
import { Targets } from '../event-bridge/targets';
import { type JsonRecord, parseJson, record, text } from '../../kernel/json';
import type { LocalContext, LocalService, ServicePrincipal } from '../../kernel/service';
import { scheduleOf } from './schedule';

const SCHEDULE = 'AWS::Scheduler::Schedule';
const SCHEDULER = 'scheduler.amazonaws.com';

/** EventBridge Scheduler: schedules run when a test fires them. */
export function schedules(context: LocalContext): LocalService {
  const targets = new Targets(context);

  async function start(): Promise<void> {
    for (const { displayName: resource, type, properties } of context.deployment.ofType(SCHEDULE)) {
      const arn = text(record(properties.Target).Arn) ?? '';
      if (context.reaches(arn)) continue;
      context.unsupported({ resource, type, reason: `its target '${arn}' is not run` });
    }
  }

  /** The role delivers, and puts into the dead-letter queue what it could not deliver. */
  async function fire(schedule: Deployed, at: Date): Promise<void> {
    const target = record(schedule.properties.Target);
    const executionId = randomUUID();
    const payload = inputOf(target, schedule, at, executionId);
    const role = context.assume(text(target.RoleArn) ?? '', { service: SCHEDULER, acting: schedule });
    if (typeof role === 'string') throw new LocalRunError(`'${schedule.displayName}' cannot run: ${role}`);
    targets.begin({
      target,
      payload,
      sender: role,
      deadLetterSender: role,
      deadLetter: payload,
      attributes: { SCHEDULE_ARN: schedule.arn, EXECUTION_ID: executionId, SCHEDULED_TIME: isoSeconds(at) },
      name: schedule.displayName,
    });
  }

  function principals(): readonly ServicePrincipal[] {
    return context.deployment.ofType(SCHEDULE).map((resource) => ({
      resource,
      role: text(record(resource.properties.Target).RoleArn) ?? '',
      service: SCHEDULER,
    }));
  }

  return {
    resourceTypes: [SCHEDULE, 'AWS::Scheduler::ScheduleGroup'],
    writers: [SCHEDULE],
    handles: { schedule: { types: [SCHEDULE], of: (one) => scheduleOf(one, (at) => fire(one, at)) } },
    principals,
    start,
    pending: async () => (targets.left > 0 ? [`${targets.left} runs of schedules`] : []),
    stop: () => targets.stop(),
  };
}

/**
 * The input with its context attributes replaced; without one, what Scheduler sends by itself.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(target: JsonRecord, schedule: Deployed, at: Date, executionId: string): unknown {
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
