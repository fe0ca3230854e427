/** Two things, timed in the same run: medians in milliseconds. */
export interface Comparison {
  /** Ours. */
  readonly ours: number;
  /** What ours is compared with. */
  readonly theirs: number;
}

/** What a benchmark found. */
export interface Result extends Comparison {
  /** What was compared. */
  readonly name: string;
  /** What is to be reached. */
  readonly goal: Goal;
}

/** A goal as a reader sees it, and whether two times reach it. */
export interface Goal {
  readonly text: string;
  readonly reached: (ours: number, theirs: number) => boolean;
}

/** Ours costs at most this part of the other. */
export const atMost = (part: number): Goal => ({
  text: `at most ${part.toFixed(2)} of it`,
  reached: (ours, theirs) => ours / theirs <= part,
});

/** Ours is at least so many times as fast. */
export const fasterBy = (factor: number): Goal => ({
  text: `at least ${factor} times as fast`,
  reached: (ours, theirs) => theirs / ours >= factor,
});

/** Ours costs at most so many milliseconds more. */
export const overBy = (milliseconds: number): Goal => ({
  text: `at most ${milliseconds} ms more`,
  reached: (ours, theirs) => ours - theirs <= milliseconds,
});

/** Times two things in turns, after one turn that does not count, so that whatever else the machine does hits both. */
export function inTurns(rounds: number, ours: () => number, theirs: () => number): Comparison {
  const times = roundsOf(1, rounds, ours, theirs);
  return { ours: median(times.map((time) => time.ours)), theirs: median(times.map((time) => time.theirs)) };
}

/**
 * The same for two things that differ by hundredths. The figure is the median of the ratios of each round, whose two times
 * are of the same moment: how fast the machine is changes by half while others use it, and shifts the two medians apart.
 * `ours` is what that ratio makes of the median of `theirs`.
 * @param warmUps turns that do not count: until then, compiling what is new differs from process to process
 */
export function inPairs(warmUps: number, rounds: number, ours: () => number, theirs: () => number): Comparison {
  const times = roundsOf(warmUps, rounds, ours, theirs);
  const middle = median(times.map((time) => time.theirs));
  return { ours: middle * median(times.map((time) => time.ours / time.theirs)), theirs: middle };
}

function roundsOf(warmUps: number, rounds: number, ours: () => number, theirs: () => number): Comparison[] {
  const times = Array.from({ length: warmUps + rounds }, (_, round) => {
    // Who goes first alternates: the second may find warmer caches, or more garbage.
    if (round % 2 === 0) return { ours: ours(), theirs: theirs() };
    const second = theirs();
    return { ours: ours(), theirs: second };
  });
  return times.slice(warmUps);
}

/** Milliseconds of CPU that something takes here: other programs disturb them less than they disturb the clock. */
export function timed(action: () => void): number {
  globalThis.gc?.();
  return timedAsItIs(action);
}

/** The same without collecting all garbage before, by which V8 drops compiled code too: half of the time is compiling then. */
export function timedAsItIs(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Milliseconds that something takes by the clock, its child processes included. */
export function clocked(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** A result as one line. */
export function lineOf({ name, ours, theirs, goal }: Result): string {
  const ratio = ours / theirs;
  const shown = ratio < 0.2 ? `1/${(1 / ratio).toFixed(1)}` : ratio.toFixed(3);
  const times = `${inMilliseconds(ours)} / ${inMilliseconds(theirs)} ms = ${shown.padStart(7)}`;
  return `${goal.reached(ours, theirs) ? 'ok    ' : 'MISSED'}  ${name.padEnd(60)} ${times}   goal: ${goal.text}`;
}

function inMilliseconds(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0).padStart(6);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper = NaN, lower = NaN] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2;
}
