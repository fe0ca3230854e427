import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EventHub, Subscription } from 'lintel/aws';
import { code } from './by-hand';
import { atMost, inTurns, type Result, timed } from './measure';

const PLAIN = { context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false };
/** A stack has 500 resources at most, and a subscription about 16. */
const A_STACK = 20;

function synthesize(subscriptions: number): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    return timed(() => {
      const app = new App({ ...PLAIN, outdir });
      const hub = new EventHub(new Stack(app, 'Events'), 'Shop');
      for (let first = 0; first < subscriptions; first += A_STACK) {
        const stack = new Stack(app, `Service${first}`);
        for (let index = 0; index < A_STACK; index++) {
          new Subscription(stack, `On${index}`, { hub, types: [`Type${first + index}`], handler: { code } });
        }
      }
      app.synth();
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A hub of 60 rules against three times one of 20: what a subscription costs does not grow with the hub. */
export function run(): Result[] {
  const times = inTurns(
    7,
    () => synthesize(3 * A_STACK),
    () => 3 * synthesize(A_STACK),
  );
  return [{ name: 'a hub of 60 rules / 3 x one of 20', ...times, goal: atMost(1.1) }];
}
