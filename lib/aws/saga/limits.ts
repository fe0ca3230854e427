import {
  isInParts,
  LIST_RETRY,
  MANIFEST_RETRY,
  type NodeInParts,
  partsOf,
  type PlanCall,
  type PlanNode,
  type PlanRetry,
  type SagaPlan,
  PARK_RETRY,
  undoOrder,
} from './plan';

/** Sum of the longest pauses between attempts. */
export function pauses({ attempts, interval, backoff, maxDelay }: PlanRetry): number {
  let sum = 0;
  for (let retry = 0; retry < attempts - 1; retry++) sum += Math.min(interval * backoff ** retry, maxDelay);
  return sum;
}

/** Seconds that a call may take, with all attempts. */
export function longestCall({ timeout, retry }: PlanCall): number {
  return retry.attempts * timeout + pauses(retry);
}

/** Timeout in seconds of the call that parks a saga. */
export const PARK_TIMEOUT = 30;

/** Timeout in seconds of the call that evaluates a distributed list and stores it for the map. */
export const LIST_TIMEOUT = 150;

/** Timeout in seconds of the call that reads a distributed map's manifest. */
export const MANIFEST_TIMEOUT = 30;

/** How long a saga may take in seconds, on its longest path. */
export interface Longest {
  /** Until everything is done, or nothing new starts. */
  readonly forward: number;
  /** Until everything is undone, including the wait for what may still be running. */
  readonly undo: number;
  /** Until the message of a parked saga is sent. */
  readonly park: number;
  readonly total: number;
}

/** How long a saga may take. */
export function longest(plan: SagaPlan): Longest {
  const times = plan.nodes.map(timeOf);
  const all = sum(times);
  // The last step may start just before the deadline, and each attempt take all the time that was left then.
  const forward = plan.deadline === undefined ? all : Math.min(all, plan.deadline + Math.max(0, ...times));
  const settle = Math.max(0, ...plan.nodes.flatMap(({ steps }) => steps.map(({ action }) => action.settle)));
  const undo = settle + sum(undoOrder(plan).map(undoTime));
  const park = PARK_RETRY.attempts * PARK_TIMEOUT + pauses(PARK_RETRY);
  return { forward, undo, park, total: forward + undo + park };
}

/** Seconds after which the service ends a saga regardless: never before the saga's own deadline. */
export function backstop({ total }: Longest): number {
  return Math.ceil(total * 1.1) + 600;
}

/** History events of a saga on its longest path: forward with all retries, undone with all retries, parked. */
export function historyLength(plan: SagaPlan): number {
  const forward = sum(plan.nodes.map((node) => eventsOf(node) + (plan.deadline === undefined ? 0 : STATE)));
  const undo = sum(
    undoOrder(plan).map(({ node, step }) => {
      const one = STATE + attempts(step.compensation!);
      if (node.kind === 'each' && node.distributed) return STATE + MAP + MAP_RUN + STATE;
      return STATE + (node.kind === 'each' ? MAP + node.maxItems * (ITERATION + one + STATE) + STATE : one);
    }),
  );
  return EXECUTION + STATE + forward + STATE + undo + STATE + PARK_RETRY.attempts * ATTEMPT + 1;
}

/** Entered and exited. */
const STATE = 2;
/** Scheduled, started, and succeeded, failed or timed out. */
const ATTEMPT = 3;
/** Entered, started, succeeded and exited. */
const MAP = 4;
/** For a distributed map: its run started and succeeded. */
const MAP_RUN = 2;
/** Started and succeeded. */
const ITERATION = 2;
/** Started, and succeeded or failed. */
const EXECUTION = 2;

function attempts({ callback, retry }: PlanCall): number {
  return retry.attempts * (ATTEMPT + (callback ? 1 : 0));
}

function eventsOf(node: PlanNode): number {
  const steps = node.steps.map(
    ({ action, when }) => STATE + attempts(action) + STATE + (when === undefined ? 0 : STATE),
  );
  if (node.kind === 'step' && node.steps[0].when === undefined) return STATE + attempts(node.steps[0].action);
  if (node.kind !== 'each') return MAP + sum(steps) + STATE;
  const list = MAP + STATE;
  if (node.distributed) {
    const reads = LIST_RETRY.attempts * ATTEMPT + STATE;
    return list + reads + MAP + MAP_RUN + STATE + MANIFEST_RETRY.attempts * ATTEMPT + STATE;
  }
  return list + MAP + node.maxItems * (ITERATION + sum(steps)) + STATE;
}

function timeOf(node: PlanNode): number {
  if (isInParts(node)) return partsOf(node) * partTime(node) + filesTime(node);
  return rounds(node) * Math.ceil(Math.max(...node.steps.map(({ action }) => longestCall(action)))) + filesTime(node);
}

function undoTime({ node, step }: ReturnType<typeof undoOrder>[number]): number {
  // Each part is asked twice if the first answer fails to come.
  if (isInParts(node)) return 2 * partsOf(node) * partTime(node);
  return rounds(node) * Math.ceil(longestCall(step.compensation!));
}

/** Seconds for handling the files of a distributed list. */
function filesTime(node: PlanNode): number {
  if (node.kind !== 'each' || !node.distributed) return 0;
  const list = LIST_RETRY.attempts * LIST_TIMEOUT + pauses(LIST_RETRY);
  return list + MANIFEST_RETRY.attempts * MANIFEST_TIMEOUT + pauses(MANIFEST_RETRY);
}

/** Seconds for a part of a distributed list besides its calls: starting, writing, and answering. */
const PART_MARGIN = 120;

/** Seconds after which a part is no longer started: in a backlog Lambda would start it hours later, after its undo. */
export const PART_BEGINS = 60;

/** Seconds after a part's execution has ended until its answer is given up: it may start late, after retries. */
export const PART_LATE = 2 * PART_BEGINS;

/** Most seconds a part of a distributed list takes, done or undone. */
export function partTime({ concurrency, part, steps: [step] }: NodeInParts): number {
  const call = Math.max(longestCall(step.action), step.compensation ? longestCall(step.compensation) : 0);
  return Math.ceil(part / concurrency) * Math.ceil(call) + PART_MARGIN;
}

function rounds(node: PlanNode): number {
  return node.kind === 'each' ? Math.ceil(node.maxItems / node.concurrency) : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
