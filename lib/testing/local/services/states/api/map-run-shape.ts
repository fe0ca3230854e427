import { AwsError } from '../../../kernel/aws-errors';
import { type JsonObject, number } from '../../../kernel/json';
import { MOST_CHILDREN } from '../engine/distributed-map';
import { notRedrivable } from '../executions';
import type { MapChild, MapRunRecord } from '../map-runs';
import { seconds } from './shapes';

/** A map run as returned by `DescribeMapRun`. */
export function mapRunShape(found: MapRunRecord, now: number): JsonObject {
  const { settings, children, stopped, redriven } = found;
  return {
    mapRunArn: found.arn,
    executionArn: found.execution,
    status: found.status,
    startDate: seconds(found.started),
    ...(stopped !== undefined && { stopDate: seconds(stopped) }),
    maxConcurrency: settings.concurrency === MOST_CHILDREN ? 0 : settings.concurrency,
    toleratedFailurePercentage: settings.percentage,
    toleratedFailureCount: settings.count,
    itemCounts: countsOf(children, found, now, ({ items }) => items),
    executionCounts: countsOf(children, found, now, () => 1),
    redriveCount: found.redrives,
    ...(redriven !== undefined && { redriveDate: seconds(redriven) }),
  };
}

/**
 * `UpdateMapRun`; executions already running continue.
 * @throws AwsError when the run has ended, or a number is invalid
 */
export function updateMapRun(found: MapRunRecord, input: JsonObject): void {
  const most = number(input.maxConcurrency);
  const count = number(input.toleratedFailureCount);
  const percentage = number(input.toleratedFailurePercentage);
  const numbers = [most, count, percentage];
  if (numbers.every((one) => one === undefined)) throw invalid('nothing is to be changed');
  if (numbers.some((one) => one !== undefined && one < 0)) throw invalid('a number is negative');
  if (percentage !== undefined && percentage > 100) throw invalid('toleratedFailurePercentage is more than 100');
  if (found.status !== 'RUNNING') throw invalid(`the Map Run is ${found.status}`);
  found.settings = {
    concurrency: most === undefined ? found.settings.concurrency : Math.min(most || MOST_CHILDREN, MOST_CHILDREN),
    count: count ?? found.settings.count,
    percentage: percentage ?? found.settings.percentage,
  };
}

function countsOf(
  children: readonly MapChild[],
  { status }: MapRunRecord,
  now: number,
  weight: (child: MapChild) => number,
): JsonObject {
  const sum = (wanted: (child: MapChild) => boolean) =>
    children.filter(wanted).reduce((total, one) => total + weight(one), 0);
  const count = (wanted: string) => sum(({ execution }) => execution?.status === wanted);
  const fixed = sum(
    ({ execution }) =>
      execution !== undefined && !isGood(execution.status) && notRedrivable(execution, now) !== undefined,
  );
  return {
    pending: sum(({ execution }) => execution === undefined),
    running: count('RUNNING'),
    succeeded: count('SUCCEEDED'),
    failed: count('FAILED'),
    timedOut: count('TIMED_OUT'),
    aborted: count('ABORTED'),
    total: sum(() => true),
    resultsWritten: status === 'SUCCEEDED' ? count('SUCCEEDED') : 0,
    failuresNotRedrivable: fixed,
  };
}

function isGood(status: string): boolean {
  return status === 'SUCCEEDED' || status === 'RUNNING';
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `Invalid request: ${what}`);
}
