import {
  CancelReplayCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';

/** What is to come again. */
export interface ReplayRequest {
  /** Events that the archive took from this time on. */
  readonly from: Date;
  /** To this time, which is at least ten minutes ago: the archive is written with a delay. */
  readonly to: Date;
  /**
   * For which subscriptions, by id.
   * @default - all that `replay()` of the hub names
   */
  readonly subscriptions?: readonly string[];
}

/** How far a replay is. */
export interface ReplayState {
  /** `STARTING`, `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`. */
  readonly state: string;
  /** Time of the last event that came again. */
  readonly reached?: Date;
  /** Why it failed. */
  readonly reason?: string;
}

/** Brings events of a hub's archive again. */
export interface Replay {
  /**
   * Begins. Events come by the minute in which they were published, and in no order within it; they are archived no second time. An
   * account has ten replays at once.
   * @param name of its own, of letters, digits and any of `._-`; part of what tells a replayed event from the first, so that one started
   * twice under a name is one
   * @throws RangeError when the end is too young, or the times say nothing
   */
  start(name: string, request: ReplayRequest): Promise<void>;
  /** How far it is. */
  state(name: string): Promise<ReplayState>;
  /** Ends it. */
  cancel(name: string): Promise<void>;
}

/** Milliseconds until an archive surely has an event. */
const WRITTEN_AFTER = 10 * 60_000;
/** Characters of a name, with what is put in front. */
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
        throw new RangeError(`'${unknown.join("', '")}' can have no replay; name it in hub.replay([...])`);
      if (!(from.getTime() < to.getTime())) throw new RangeError('A replay begins before it ends');
      if (to.getTime() > Date.now() - WRITTEN_AFTER) {
        throw new RangeError('The end of a replay is at least ten minutes ago: events are archived with a delay');
      }
      await client().send(
        new StartReplayCommand({
          ReplayName: named(name),
          EventSourceArn: setting(''),
          EventStartTime: from,
          EventEndTime: to,
          // Without them every rule of the bus would get everything.
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
