import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { pause } from '../../kernel/clock';
import { type JsonObject, number, recordOf, text, texts } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { Archive, Archives } from './archives';
import { busName, type Rules } from './rules';

/** Maximum concurrent replays. */
const MOST = 10;
/** Events this recent may still be missing from an archive, in seconds. */
const LATE = 600;
const MINUTE = 60_000;
/** Pause between two minutes of a replay, in milliseconds, so that it can be cancelled. */
const BREATH = 10;

/** The state of a replay, as in `DescribeReplay`. */
type ReplayState = 'STARTING' | 'RUNNING' | 'CANCELLED' | 'COMPLETED';

/** A replay of an archive. */
export interface Replay {
  readonly name: string;
  readonly arn: string;
  readonly archive: Archive;
  /** Range of event times, in seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly destination: JsonObject;
  readonly description?: string;
  readonly started: number;
  state: ReplayState;
  ended?: number;
  /** The time of the last replayed event, in seconds. */
  last?: number;
}

/**
 * Replays of archives: minute by minute of event time, unordered within a minute, each event with its own id and the
 * replay's name, to the named rules or all. Replayed events are not archived again.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export class Replays {
  private readonly known = new Map<string, Replay>();
  private readonly stopping = new AbortController();

  /** What they work with. */
  constructor(
    private readonly context: LocalContext,
    private readonly archives: Archives,
    private readonly rules: Rules,
  ) {}

  get all(): readonly Replay[] {
    return [...this.known.values()];
  }

  /** How many are unfinished. */
  get left(): number {
    return this.active.length;
  }

  private get active(): readonly Replay[] {
    return this.all.filter(({ state }) => state === 'STARTING' || state === 'RUNNING');
  }

  /** @throws AwsError when EventBridge refuses it */
  start(input: JsonObject): Replay {
    const name = text(input.ReplayName) ?? '';
    const archive = this.archiveOf(text(input.EventSourceArn) ?? '');
    const destination = recordOf(input.Destination);
    if (busName(text(destination.Arn)) !== busName(archive.source)) {
      throw invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
    }
    if (this.known.has(name)) throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    const [from, to] = [number(input.EventStartTime) ?? 0, number(input.EventEndTime) ?? 0];
    if (from >= to) throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
    if (this.active.length >= MOST) {
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    const description = text(input.Description);
    const arn = this.context.arn('events', `replay/${name}`);
    const started = Date.now();
    const replay: Replay = {
      name,
      arn,
      archive,
      from,
      to,
      destination,
      started,
      state: 'STARTING',
      description,
    };
    this.known.set(name, replay);
    if (this.context.clock.since(to * 1000) < LATE) {
      const said = `NOTE the end of the replay ${name} is less than ten minutes ago: on AWS the archive may lack events of that time`;
      this.context.logs.write(archive.displayName, said);
    }
    this.context.background.run(archive.displayName, this.run(replay));
    return replay;
  }

  /** @throws AwsError where there is none of that name */
  named(name: string): Replay {
    const replay = this.known.get(name);
    if (replay) return replay;
    throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
  }

  /** @throws AwsError for a finished one */
  cancel(name: string): Replay {
    const replay = this.named(name);
    if (!this.active.includes(replay)) {
      throw new AwsError('IllegalStatusException', `Replay ${name} is not in a valid state for this operation.`);
    }
    this.end(replay, 'CANCELLED');
    return replay;
  }

  /** Stops with the run. */
  stop(): void {
    this.stopping.abort();
  }

  private archiveOf(arn: string): Archive {
    const archive = this.archives.all.find((one) => one.arn === arn);
    if (archive) return archive;
    throw invalid('EventSourceArn', `Archive ${arn.split('/').at(-1)} does not exist.`);
  }

  private async run(replay: Replay): Promise<void> {
    const { archive, name, from, to, destination } = replay;
    const filters = texts(destination.FilterArns);
    const chosen = archive.events
      .map(({ event }) => ({ event, time: new Date(text(event.time) ?? '').getTime() }))
      .filter(({ time }) => time >= from * 1000 && time <= to * 1000);
    const minutes = new Map<number, typeof chosen>();
    for (const one of chosen) {
      const minute = Math.floor(one.time / MINUTE);
      minutes.set(minute, [...(minutes.get(minute) ?? []), one]);
    }
    await pause(BREATH, this.stopping.signal);
    for (const minute of [...minutes.keys()].sort((a, b) => a - b)) {
      if (this.stopping.signal.aborted || replay.state === 'CANCELLED') return;
      replay.state = 'RUNNING';
      for (const { event, time } of shuffled(minutes.get(minute) ?? [], name)) {
        const only = filters.length > 0 && { only: filters };
        this.rules.publish(busName(archive.source), { ...event, 'replay-name': name }, { ...only });
        replay.last = time / 1000;
      }
      await pause(BREATH, this.stopping.signal);
    }
    if (replay.state !== 'CANCELLED') this.end(replay, 'COMPLETED');
  }

  private end(replay: Replay, state: ReplayState): void {
    replay.state = state;
    replay.ended = Date.now();
  }
}

function invalid(parameter: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}`);
}

/** A different order for each replay, but the same in every run of the same events. */
function shuffled<T extends { readonly event: JsonObject }>(items: readonly T[], name: string): readonly T[] {
  const keyed = items.map((item, index) => ({
    item,
    key: createHash('sha256').update(`${name} ${index}`).digest('hex'),
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
