import { AwsError } from '../../kernel/aws-errors';
import type { Call } from '../../kernel/call';
import type { KeyUse } from '../../kernel/encryption-key';
import { type JsonObject, number, parseJson, recordOf, records, text } from '../../kernel/json';
import type { Need } from '../../kernel/judge';
import { pageOf } from '../../kernel/page';
import { RestOperations } from '../../kernel/rest-operations';
import { checkExpression } from './expression';
import { dateOf, settingsFaults } from './settings';
import type { Requests } from './requests';
import type { ScheduleGroup, ScheduleStore, StoredSchedule } from './store';
import { checkConstraints } from '../../kernel/constraints';
import { CONSTRAINTS } from './constraints';

/** All operations of EventBridge Scheduler. */
export const OPERATIONS = new RestOperations({
  CreateSchedule: 'POST /schedules/{Name}',
  CreateScheduleGroup: 'POST /schedule-groups/{Name}',
  DeleteSchedule: 'DELETE /schedules/{Name}',
  DeleteScheduleGroup: 'DELETE /schedule-groups/{Name}',
  GetSchedule: 'GET /schedules/{Name}',
  GetScheduleGroup: 'GET /schedule-groups/{Name}',
  ListScheduleGroups: 'GET /schedule-groups',
  ListSchedules: 'GET /schedules',
  ListTagsForResource: 'GET /tags/{ResourceArn}',
  TagResource: 'POST /tags/{ResourceArn}',
  UntagResource: 'DELETE /tags/{ResourceArn}',
  UpdateSchedule: 'PUT /schedules/{Name}',
});

/** The settings of a schedule besides its name, group and dates. */
const SETTINGS = [
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'StartDate',
  'EndDate',
  'Description',
  'State',
  'KmsKeyArn',
  'Target',
  'FlexibleTimeWindow',
  'ActionAfterCompletion',
];

const DEFAULT_GROUP = 'This operation cannot be performed on schedule group default.';

/** Dependencies of the operations. */
export interface ScheduleOperationsContext {
  readonly store: ScheduleStore;
  /** The ARN of a resource: `schedule/default/Nightly`. */
  readonly arn: (resource: string) => string;
  /** Whether Scheduler may assume the role of a schedule. */
  readonly assumes: (schedule: Pick<StoredSchedule, 'group' | 'properties'>) => boolean;
  /** Whether a target is supported locally. */
  readonly reaches: (target: string) => boolean;
  /** The region of the run. */
  readonly region: string;
  /** Requests made with a client token. */
  readonly requests: Requests;
  /** Called when a schedule is created, changed or deleted. */
  readonly changed: (schedule: StoredSchedule) => void;
}

/** The input of a request: its path, query and body merged. */
function inputOf({ request }: Call): JsonObject & { readonly Name: string; readonly group: string } {
  const { labels = {} } = OPERATIONS.read(request) ?? {};
  const query = new URLSearchParams(request.query);
  const body = recordOf(parseJson(request.body.toString() || '{}'));
  const group = text(body.GroupName) ?? query.get('groupName') ?? query.get('ScheduleGroup') ?? 'default';
  const most = query.get('MaxResults');
  const page = most !== null && { MaxResults: Number(most) };
  return { ...Object.fromEntries(query), ...page, ...body, ...labels, Name: labels.Name ?? '', group };
}

/**
 * The permissions a call needs. Creating a schedule requires passing its role to Scheduler.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function schedulerNeeds(call: Call, arn: ScheduleOperationsContext['arn']): readonly Need[] | undefined {
  const { operation } = call;
  if (!OPERATIONS.read(call.request)) return undefined;
  const input = inputOf(call);
  const action = `scheduler:${operation}`;
  if (operation.startsWith('List') && operation !== 'ListTagsForResource') return [{ action, resource: '*' }];
  if (input.ResourceArn !== undefined) return [{ action, resource: text(input.ResourceArn) ?? '' }];
  if (operation.endsWith('Group')) return [{ action, resource: arn(`schedule-group/${input.Name}`) }];
  const own: Need = { action, resource: arn(`schedule/${input.group}/${input.Name}`) };
  const role = text(recordOf(input.Target).RoleArn);
  if (role === undefined) return [own];
  const context = { 'iam:PassedToService': 'scheduler.amazonaws.com' };
  return [own, { action: 'iam:PassRole', resource: role, context }];
}

/**
 * The key that a caller uses to encrypt the input of a schedule.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
 */
export function schedulerKeys(call: Call, arn: ScheduleOperationsContext['arn']): readonly KeyUse[] {
  if (!['CreateSchedule', 'UpdateSchedule'].includes(call.operation)) return [];
  const { KmsKeyArn, group, Name } = inputOf(call);
  const key = text(KmsKeyArn);
  if (key === undefined) return [];
  const actions = ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'];
  const encryptionContext = { 'aws:scheduler:schedule:arn': arn(`schedule/${group}/${Name}`) };
  return [{ key, actions, service: 'scheduler', of: 'schedule', encryptionContext }];
}

/**
 * Executes a call. A repeated client token marks a retry, which is executed only once.
 * @throws AwsError as Scheduler does
 */
export function answer(call: Call, context: ScheduleOperationsContext): JsonObject {
  const { ClientToken, clientToken = ClientToken, ...asked }: JsonObject = inputOf(call);
  checkConstraints(CONSTRAINTS, call.operation, asked);
  return context.requests.once(text(clientToken), [call.operation, asked], () => perform(call, context));
}

function perform(call: Call, context: ScheduleOperationsContext): JsonObject {
  const { store } = context;
  const input = inputOf(call);
  switch (call.operation) {
    case 'CreateSchedule': {
      store.group(input.group);
      if (store.find(input.group, input.Name)) {
        throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409);
      }
      return { ScheduleArn: write(input, context).arn };
    }
    case 'UpdateSchedule':
      store.existing(input.group, input.Name);
      return { ScheduleArn: write(input, context, true).arn };
    case 'GetSchedule':
      return described(store.existing(input.group, input.Name));
    case 'DeleteSchedule': {
      const schedule = store.existing(input.group, input.Name);
      store.remove(schedule);
      context.changed(schedule);
      return {};
    }
    case 'ListSchedules':
      return listed(input, context);
    case 'CreateScheduleGroup': {
      if (input.Name === 'default') throw new AwsError('ValidationException', DEFAULT_GROUP);
      const group = store.addGroup(input.Name);
      tag(group, input.Tags);
      return { ScheduleGroupArn: group.arn };
    }
    case 'GetScheduleGroup':
      return describedGroup(store.group(input.Name));
    case 'DeleteScheduleGroup':
      if (input.Name === 'default') throw new AwsError('ValidationException', DEFAULT_GROUP);
      store.removeGroup(input.Name).forEach(context.changed);
      return {};
    case 'ListScheduleGroups': {
      const prefix = text(input.NamePrefix) ?? '';
      return page(
        'ScheduleGroups',
        store.allGroups.filter(({ name }) => name.startsWith(prefix)),
        input,
        describedGroup,
      );
    }
    default:
      return tagging(call, input, store);
  }
}

function write(input: ReturnType<typeof inputOf>, context: ScheduleOperationsContext, update = false): StoredSchedule {
  check(input, context, update);
  const properties = Object.fromEntries(
    SETTINGS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
  const { group, Name: name } = input;
  const displayName = context.store.find(group, name)?.displayName ?? `${group}/${name}`;
  const schedule = context.store.put({ displayName, name, group, properties, byHandler: true });
  context.changed(schedule);
  return schedule;
}

function check(
  input: ReturnType<typeof inputOf>,
  { assumes, reaches, region }: ScheduleOperationsContext,
  update: boolean,
): void {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  if (!/^[\w.-]{1,64}$/.test(input.Name)) {
    throw invalid(
      `1 validation error detected: Value '${input.Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
    );
  }
  const missing = ['ScheduleExpression', 'Target', 'FlexibleTimeWindow'].find((name) => input[name] === undefined);
  if (missing !== undefined) {
    const name = missing[0]!.toLowerCase() + missing.slice(1);
    throw invalid(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }
  checkExpression(text(input.ScheduleExpression) ?? '', text(input.ScheduleExpressionTimezone) ?? 'UTC');
  const [fault] = settingsFaults(input, { now: Date.now(), region, update });
  if (fault !== undefined) throw invalid(fault);
  const target = recordOf(input.Target);
  if (!assumes({ group: input.group, properties: input })) {
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
  const arn = text(target.Arn) ?? '';
  if (!reaches(arn)) {
    throw new AwsError('LocalRunUnsupported', `The local run has no target '${arn}' for a schedule.`, 501);
  }
}

function listed(input: ReturnType<typeof inputOf>, { store }: ScheduleOperationsContext): JsonObject {
  const prefix = text(input.NamePrefix) ?? '';
  const group = text(input.ScheduleGroup);
  const wanted = store.all.filter(
    (one) =>
      one.name.startsWith(prefix) &&
      (group === undefined || one.group === group) &&
      (input.State === undefined || stateOf(one) === input.State),
  );
  return page('Schedules', wanted, input, (one) => ({
    Arn: one.arn,
    Name: one.name,
    GroupName: one.group,
    State: stateOf(one),
    CreationDate: seconds(one.created),
    LastModificationDate: seconds(one.modified),
    Target: { Arn: recordOf(one.properties.Target).Arn },
  }));
}

function page<T>(name: string, all: readonly T[], input: JsonObject, show: (one: T) => JsonObject): JsonObject {
  const { items, next } = pageOf(all, text(input.NextToken), Math.min(number(input.MaxResults) ?? 100, 100));
  return { [name]: items.map(show), ...(next !== undefined && { NextToken: next }) };
}

function described(one: StoredSchedule): JsonObject {
  return {
    ScheduleExpressionTimezone: 'UTC',
    ...one.properties,
    ...dates(one.properties),
    Arn: one.arn,
    Name: one.name,
    GroupName: one.group,
    State: stateOf(one),
    ActionAfterCompletion: text(one.properties.ActionAfterCompletion) ?? 'NONE',
    CreationDate: seconds(one.created),
    LastModificationDate: seconds(one.modified),
  };
}

/** Templates have dates as strings, the API as seconds since the epoch. */
function dates(properties: JsonObject): JsonObject {
  const given = ['StartDate', 'EndDate'].filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, seconds(dateOf(properties[name])!)]));
}

function stateOf({ properties }: StoredSchedule): string {
  return text(properties.State) ?? 'ENABLED';
}

function describedGroup({ name, arn, created }: ScheduleGroup): JsonObject {
  return {
    Name: name,
    Arn: arn,
    State: 'ACTIVE',
    CreationDate: seconds(created),
    LastModificationDate: seconds(created),
  };
}

function tagging({ operation }: Call, input: JsonObject, store: ScheduleStore): JsonObject {
  const group = store.group((text(input.ResourceArn) ?? '').split('schedule-group/').at(-1) ?? '');
  if (operation === 'ListTagsForResource') return { Tags: [...group.tags].map(([Key, Value]) => ({ Key, Value })) };
  if (operation === 'TagResource') tag(group, input.Tags);
  else for (const key of [input.TagKeys].flat()) group.tags.delete(String(key));
  return {};
}

function tag({ tags }: ScheduleGroup, given: unknown): void {
  for (const { Key, Value } of records(given)) tags.set(text(Key) ?? '', text(Value) ?? '');
}

function seconds(time: Date): number {
  return time.getTime() / 1000;
}
