/** What CloudFormation's own validator adds to `lintel check`: to begin, and for a thousand resources more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inTurns, overBy, type Result } from './measure';

export function run(): Result[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'lintel-bench-validator-'));
  try {
    return [50, 1000].map((count) => {
      const file = path.join(directory, `${count}.json`);
      writeFileSync(file, template(count));
      const times = inTurns(
        3,
        () => check(file),
        () => check(file, '--no-validate'),
      );
      return { name: `check of ${count} resources, with the validator / without`, ...times, goal: overBy(3500) };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds of CPU of a process of its own, the validator's thread included. */
function check(file: string, ...options: string[]): number {
  const script = `const io = { out() {}, note() {}, colour: false };
require('./dist/lib/cli/main').main(${JSON.stringify(['check', file, ...options])}, io).then(() => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000));
});`;
  return Number(spawnSync(process.execPath, ['--eval', script]).stdout.toString());
}

function template(count: number): string {
  const queue = {
    Type: 'AWS::SQS::Queue',
    Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Queue0', 'Arn'] }, maxReceiveCount: 5 } },
  };
  const queues = Array.from({ length: count }, (_, index) => [`Queue${index}`, queue]);
  return JSON.stringify({ Resources: Object.fromEntries(queues) as object });
}
