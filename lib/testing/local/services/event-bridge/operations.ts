import type { Need } from '../../kernel/judge';
import { type JsonObject, number, text } from '../../kernel/json';
import { AwsError } from '../../kernel/aws-errors';
import type { Archive, Archives } from './archives';
import type { Replay, Replays } from './replays';

/** The dependencies of operations on archives and replays. */
export interface OperationsParts {
  readonly archives: Archives;
  readonly replays: Replays;
  /** Whether a bus exists. */
  readonly hasBus: (arn: string) => boolean;
}

type Operation = (input: JsonObject, parts: OperationsParts) => JsonObject;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateArchive: (input, { archives, hasBus }) => {
    const bus = text(input.EventSourceArn) ?? '';
    if (!hasBus(bus)) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${bus.split('/').at(-1)} does not exist.`);
    }
    return made(archives.create(input));
  },
  UpdateArchive: (input, { archives }) => made(archives.update(input)),
  DeleteArchive: (input, { archives }) => {
    archives.remove(text(input.ArchiveName) ?? '');
    return {};
  },
  DescribeArchive: (input, { archives }) => {
    const archive = archives.named(text(input.ArchiveName) ?? '');
    const { pattern, description } = archive;
    return {
      ArchiveArn: archive.arn,
      ...listed(archive),
      ...(description !== undefined && { Description: description }),
      ...(pattern !== undefined && { EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern) }),
    };
  },
  ListArchives: ({ NamePrefix, EventSourceArn }, { archives }) => ({
    Archives: archives.all
      .filter(({ name }) => name.startsWith(text(NamePrefix) ?? ''))
      .filter(({ source }) => EventSourceArn === undefined || source === EventSourceArn)
      .map(listed),
  }),
  StartReplay: (input, { replays }) => {
    const { arn, started } = replays.start(input);
    return { ReplayArn: arn, State: 'STARTING', ReplayStartTime: started / 1000 };
  },
  CancelReplay: (input, { replays }) => {
    const { arn } = replays.cancel(text(input.ReplayName) ?? '');
    return { ReplayArn: arn, State: 'CANCELLING' };
  },
  DescribeReplay: (input, { replays }) => {
    const replay = replays.named(text(input.ReplayName) ?? '');
    const { description } = replay;
    return {
      ReplayArn: replay.arn,
      Destination: replay.destination,
      ...(description !== undefined && { Description: description }),
      ...described(replay),
    };
  },
  ListReplays: ({ NamePrefix, EventSourceArn, State, Limit }, { replays }) => ({
    Replays: replays.all
      .filter(({ name }) => name.startsWith(text(NamePrefix) ?? ''))
      .filter(({ archive }) => EventSourceArn === undefined || archive.arn === EventSourceArn)
      .filter(({ state }) => State === undefined || state === State)
      .slice(0, number(Limit) ?? Infinity)
      .map(described),
  }),
};

/** Answers an operation on archives or replays. */
export function archiveAnswer(operation: string, input: JsonObject, parts: OperationsParts): JsonObject {
  return OPERATIONS[operation]!(input, parts);
}

/**
 * The permissions that an operation on archives or replays requires; undefined for any other.
 * @param arn of a resource of EventBridge: `archive/shop`
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export function archiveNeeds(
  operation: string,
  input: JsonObject,
  arn: (resource: string) => string,
): readonly Need[] | undefined {
  if (!Object.hasOwn(OPERATIONS, operation)) return undefined;
  const action = `events:${operation}`;
  if (operation.startsWith('List')) return [{ action, resource: '*' }];
  if (operation.endsWith('Archive')) return [{ action, resource: arn(`archive/${text(input.ArchiveName)}`) }];
  const replay = { action, resource: arn(`replay/${text(input.ReplayName)}`) };
  return operation === 'StartReplay' ? [{ action, resource: text(input.EventSourceArn) ?? '*' }, replay] : [replay];
}

function made({ arn, created }: Archive): JsonObject {
  return { ArchiveArn: arn, State: 'ENABLED', CreationTime: created / 1000 };
}

function listed({ name, source, retention, events, created }: Archive): JsonObject {
  return {
    ArchiveName: name,
    EventSourceArn: source,
    State: 'ENABLED',
    RetentionDays: retention,
    EventCount: events.length,
    SizeBytes: events.reduce((sum, { event }) => sum + Buffer.byteLength(JSON.stringify(event)), 0),
    CreationTime: created / 1000,
  };
}

function described({ name, archive, from, to, started, state, ended, last }: Replay): JsonObject {
  return {
    ReplayName: name,
    EventSourceArn: archive.arn,
    State: state,
    EventStartTime: from,
    EventEndTime: to,
    ReplayStartTime: started / 1000,
    ...(last !== undefined && { EventLastReplayedTime: last }),
    ...(ended !== undefined && { ReplayEndTime: ended / 1000 }),
  };
}
