import type { Stack } from 'aws-cdk-lib';
import { QueueWorker } from 'lintel/aws';
import { code, workerByHand } from './by-hand';
import type { Result } from './measure';
import { againstByHand } from './synthesis';

/** The pattern against the same resources by hand. */
export function run(): Result[] {
  const byPattern = (stack: Stack) => new QueueWorker(stack, 'Jobs', { handler: { code } });
  return againstByHand('QueueWorker', byPattern, workerByHand);
}
