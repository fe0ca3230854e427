import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { acknowledge } from '../lib/aws/acknowledge';
import { atMost, type Goal, inPairs, type Result, timedAsItIs } from './measure';

/** Puts something into a stack. */
export type Build = (stack: Stack) => void;

/**
 * A pattern against the same template by hand, in one stack and in many. What is written by hand stands in a construct of
 * its own, as a pattern does (the deeper a construct, the longer takes its logical id), and acknowledges as many findings.
 *
 * Ours are judged, which by hand are not; by hand have a stack trace for each resource, of which a pattern has one.
 */
export function againstByHand(pattern: string, ours: Build, byHand: (scope: Construct) => void): Result[] {
  const theirs = inItsConstruct(ours, byHand);
  const [made, expected] = [resourcesOf(ours).map(unnamed).sort(), resourcesOf(theirs).map(unnamed).sort()];
  const lacks = made.filter((one) => !expected.includes(one));
  const more = expected.filter((one) => !made.includes(one));
  if (lacks.length > 0 || more.length > 0 || made.length !== expected.length) {
    throw new Error(`not the same template: by hand lacks\n${lacks.join('\n')}\nand has more\n${more.join('\n')}`);
  }
  return inOneAndMany(pattern, ours, theirs);
}

function inItsConstruct(ours: Build, byHand: (scope: Construct) => void): Build {
  const acknowledged = acknowledgedIn(ours);
  return (stack) => {
    const scope = new Construct(stack, 'ByHand');
    byHand(scope);
    const all = scope.node.children;
    acknowledged.forEach((reasons, index) => acknowledge(all[index % all.length]!, reasons));
  };
}

/** What a pattern acknowledges, which whoever uses rule packs has to acknowledge by hand as well. */
function acknowledgedIn(build: Build): readonly Readonly<Record<string, string>>[] {
  const stack = new Stack(new App(PLAIN), 'Stack');
  build(stack);
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .map(({ data }) => data as Readonly<Record<string, string>>);
}

/**
 * The same for resources of the same types, where the settings by hand are not those of the pattern.
 */
export function againstTypes(pattern: string, ours: Build, byHand: (scope: Construct) => void): Result[] {
  const theirs = inItsConstruct(ours, byHand);
  const [made, expected] = [ours, theirs].map((build) =>
    resourcesOf(build)
      .map(({ resource }) => resource.Type)
      .sort()
      .join(),
  );
  if (made !== expected) throw new Error(`not the same resources: ${made} and ${expected}`);
  return inOneAndMany(pattern, ours, theirs);
}

function inOneAndMany(pattern: string, ours: Build, theirs: Build): Result[] {
  return [1, 50].map((stacks) => compareSynthesis(`${pattern} / by hand`, atMost(1.05), stacks, ours, theirs));
}

/**
 * The time to construct and synthesize so many stacks. The same against itself gives 0.98-1.01. Where many more programs run
 * than there are cores, the figures of two runs are up to 0.03 apart: take the middle of several.
 */
export function compareSynthesis(name: string, goal: Goal, stacks: number, ours: Build, theirs: Build): Result {
  const [warmUps, rounds] = stacks === 1 ? [40, 151] : [3, 15];
  // Modules of CDK make Tokens of their own once, when they are first used.
  for (const build of [ours, theirs]) synthesize(1, build);
  const lasting = new Set(tokens().keys());
  const times = inPairs(
    warmUps,
    rounds,
    () => synthesize(stacks, ours, lasting),
    () => synthesize(stacks, theirs, lasting),
  );
  return { name: `${name}, ${stacks === 1 ? '1 stack' : `${stacks} stacks`}`, ...times, goal };
}

/** Nothing is bundled, which bench/bundling.ts measures, and no template is validated, which is CDK's own matter. */
const PLAIN = { context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false };

/** @param lasting Tokens to keep: all but these are let go of, and with them the app */
function synthesize(stacks: number, build: Build, lasting?: ReadonlySet<string>): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    void globalThis.gc?.({ type: 'minor' });
    return timedAsItIs(() => {
      const app = new App({ ...PLAIN, outdir });
      for (let index = 0; index < stacks; index++) build(new Stack(app, `Stack${index}`));
      app.synth();
    });
  } finally {
    rmSync(outdir, { recursive: true });
    if (lasting !== undefined) for (const key of tokens().keys()) if (!lasting.has(key)) tokens().delete(key);
  }
}

/** All Tokens of a process. CDK keeps them, and with them every app, so that each round would collect more garbage than the last. */
function tokens(): Map<string, object> {
  const { __cdkTokenMap: map } = globalThis as { __cdkTokenMap?: { readonly stringTokenMap: Map<string, object> } };
  return map?.stringTokenMap ?? new Map<string, object>();
}

interface Made {
  readonly resource: { readonly Type: string };
  /** Types of all resources of the template, by logical id. */
  readonly types: ReadonlyMap<string, string>;
}

/** The resources of one stack. */
function resourcesOf(build: Build): Made[] {
  const app = new App(PLAIN);
  build(new Stack(app, 'Stack'));
  const { Resources } = app.synth().getStackByName('Stack').template as { Resources: Record<string, Made['resource']> };
  const types = new Map(Object.entries(Resources).map(([id, { Type }]) => [id, Type]));
  return Object.values(Resources).map((resource) => ({ resource, types }));
}

/** What a team names and words as it likes, and the code of a function. */
const OWN = /^((Queue|Policy|LogGroup)Name|AlarmDescription|Label|Description|ZipFile|sourceQueueArns)$/;

/** A resource without ids, names and prose, so that like is compared with like. */
function unnamed({ resource, types }: Made): string {
  return JSON.stringify(resource, (key, value: unknown) => {
    if (key === 'Resource' && Array.isArray(value) && value.length === 1) return value[0] as unknown;
    if (OWN.test(key)) return 'own';
    if (typeof value !== 'string') return value;
    if (value.startsWith('AllowEventRule')) return 'own';
    return types.get(value) ?? value.replace(/^(.*Deployment)[0-9A-Fa-f]{40,}$/, '$1');
  });
}
