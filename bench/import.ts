import { execFileSync } from 'node:child_process';
import { inTurns, overBy, type Result } from './measure';

/** What an app pays before its first construct. */
export function run(): Result[] {
  const withLintel = "require('aws-cdk-lib'); require('constructs'); require('lintel/aws');";
  const without = "require('aws-cdk-lib'); require('constructs');";
  const times = inTurns(
    15,
    () => timeOf(withLintel),
    () => timeOf(without),
  );
  return [{ name: 'import of lintel/aws with aws-cdk-lib / aws-cdk-lib alone', ...times, goal: overBy(20) }];
}

/** Milliseconds that a script takes in a fresh process, without the start of the process. */
function timeOf(script: string): number {
  const timed = `const start = performance.now(); ${script} console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['-e', timed], { encoding: 'utf8' }));
}
