import {
  CancelReplayCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';

/** What to replay. */
export interface ReplayRequest {
  /** Events archived from this time on. */
  readonly from: Date;
  /** Up to this time, at least ten minutes ago: the archive is written with a delay. */
  readonly to: Date;
  /**
   * Subscriptions to replay for, by id.
   * @default - all that the hub's `replay()` names
   */
  readonly subscriptions?: readonly string[];
}

/** State of a replay. */
export interface ReplayState {
  /** `STARTING`, `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`. */
  readonly state: string;
  /** Time of the last event replayed. */
  readonly reached?: Date;
  /** Why it failed. */
  readonly reason?: string;
}

/** Replays events from a hub's archive. */
export interface Replay {
  /**
   * Starts a replay. Events come by the minute in which they were published, unordered within it; they are not archived again. An
   * account can run ten replays at once.
   * @param name a unique name of letters, digits and any of `._-`; it helps to tell a replayed event from the original, so starting
   * one twice under the same name counts as one
   * @throws RangeError when the end is too recent, or the range is empty
   */
  start(name: string, request: ReplayRequest): Promise<void>;
  /** State of a replay. */
  state(name: string): Promise<ReplayState>;
  /** Cancels it. */
  cancel(name: string): Promise<void>;
}

/** Milliseconds until an archive has certainly stored an event. */
const WRITTEN_AFTER = 10 * 60_000;
/** Maximum length of a name, prefix included. */
const LONGEST = 64;

/**
 * Replays of the name in `access`.
 * @example
 * await replay('REPLAY').start('after-outage', { from: new Date('2026-11-01T08:00Z'), to: new Date('2026-11-01T09:00Z') });
 */
export function replay(variable: string): Replay {
  const setting = (suffix: string) => {
    const value = process.env[`${variable}${suffix}`];
    if (value === undefined) {
      throw new Error(`The variable '${variable}${suffix}' is not set; name the hub in 'access': hub.replay([...])`);
    }
    return value;
  };
  const named = (name: string) => {
    const whole = `${setting('_PREFIX')}${name}`;
    if (/^[\w.-]+$/.test(whole) && whole.length <= LONGEST) return whole;
    throw new RangeError(
      `A replay is named by letters, digits and any of '._-', at most ${LONGEST - setting('_PREFIX').length}; got '${name}'`,
    );
  };
  return {
    async start(name, { from, to, subscriptions }) {
      const rules = JSON.parse(setting('_RULES')) as Readonly<Record<string, string>>;
      const unknown = (subscriptions ?? []).filter((one) => !Object.hasOwn(rules, one));
      if (unknown.length > 0)
        throw new RangeError(`'${unknown.join("', '")}' cannot be replayed; name it in hub.replay([...])`);
      if (!(from.getTime() < to.getTime())) throw new RangeError('A replay must start before it ends');
      if (to.getTime() > Date.now() - WRITTEN_AFTER) {
        throw new RangeError('The end of a replay must be at least ten minutes ago: events are archived with a delay');
      }
      await client().send(
        new StartReplayCommand({
          ReplayName: named(name),
          EventSourceArn: setting(''),
          EventStartTime: from,
          EventEndTime: to,
          // Without them, every rule on the bus would get everything.
          Destination: {
            Arn: setting('_BUS'),
            FilterArns: (subscriptions ?? Object.keys(rules)).map((one) => rules[one]!),
          },
        }),
      );
    },
    async state(name) {
      const {
        State = 'UNKNOWN',
        EventLastReplayedTime: reached,
        StateReason: reason,
      } = await client().send(new DescribeReplayCommand({ ReplayName: named(name) }));
      return { state: State, ...(reached && { reached }), ...(reason !== undefined && { reason }) };
    },
    async cancel(name) {
      await client().send(new CancelReplayCommand({ ReplayName: named(name) }));
    },
  };
}

let bridge: EventBridgeClient | undefined;

function client(): EventBridgeClient {
  return (bridge ??= new EventBridgeClient({}));
}
