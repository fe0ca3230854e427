/** A run in a process of its own, which a test kills: it invokes a function that is busy, with a child, for ever. */
import { runLocally } from '../../../../lib/testing';

async function main(): Promise<void> {
  const run = await runLocally(process.argv[2]!, { onLog: ({ message }) => process.stdout.write(`${message}\n`) });
  await run.invoke('Busy', JSON.parse(process.argv[3]!));
}

void main();
