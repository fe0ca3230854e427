import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { atMost, type Goal, inTurns, type Result, timed } from './measure';

/** Puts something into a stack. */
export type Build = (stack: Stack) => void;

/**
 * A pattern against the same resources by hand, in one stack and in many.
 * @param most of the time by hand
 */
export function againstByHand(pattern: string, ours: Build, theirs: Build, most = 1.05): Result[] {
  const [made, expected] = [typesOf(ours).join(), typesOf(theirs).join()];
  if (made !== expected) throw new Error(`not the same resources: ${made} and ${expected}`);
  return [1, 50].map((stacks) => compareSynthesis(`${pattern} / by hand`, atMost(most), stacks, ours, theirs));
}

/** The time to construct and synthesize so many stacks. */
export function compareSynthesis(name: string, goal: Goal, stacks: number, ours: Build, theirs: Build): Result {
  const rounds = stacks === 1 ? 61 : 5;
  const times = inTurns(
    rounds,
    () => synthesize(stacks, ours),
    () => synthesize(stacks, theirs),
  );
  return { name: `${name}, ${stacks === 1 ? '1 stack' : `${stacks} stacks`}`, ...times, goal };
}

/** Nothing is bundled, which bench/bundling.ts measures, and no template is validated, which is CDK's own matter. */
const PLAIN = { context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false };

function synthesize(stacks: number, build: Build): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    return timed(() => {
      const app = new App({ ...PLAIN, outdir });
      for (let index = 0; index < stacks; index++) build(new Stack(app, `Stack${index}`));
      app.synth();
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Types of the resources of one stack, so that like is compared with like. */
function typesOf(build: Build): string[] {
  const app = new App(PLAIN);
  build(new Stack(app, 'Stack'));
  const { Resources } = app.synth().getStackByName('Stack').template as { Resources: Record<string, { Type: string }> };
  return Object.values(Resources)
    .map(({ Type }) => Type)
    .sort();
}
