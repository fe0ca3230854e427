import { installedVersion } from '../core/installed';
import { fits, installCommand, PARTS, type Part, peerRanges } from '../core/peers';
import { findDynamoDb } from '../testing/engines/dynamodb';
import { packageOf, POSTGRES_MAJORS } from '../testing/local/services/rds/database/versions';
import { LocalRunError } from '../testing/local/kernel/errors';
import { type Io, UsageError } from './io';
import { optionsOf } from './options';

const HELP = `lintel doctor

Shows which of Lintel's requirements are installed here: Node.js, the packages
of each part, and the engines of the local run. A part without its main package
is not in use. One command installs everything that is missing.

Examples:
  npx lintel doctor

Exit 0: every part in use is complete. Exit 1: something is missing or too old.
`;

/** The oldest version of Node.js that runs Lintel. */
const NODE = 20;

/** `lintel doctor`: which of Lintel's requirements are installed. */
export async function doctor(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = optionsOf(argv, {});
  if (values.help === true) {
    io.out(HELP);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError('it takes no arguments');
  const node = Number(process.versions.node.split('.')[0]) >= NODE;
  const parts = PARTS.map(examined);
  const wrong = [...new Set(parts.filter(({ used }) => used).flatMap(({ bad }) => bad))];
  const lines = [
    `${mark(node)} Node.js ${process.versions.node}${node ? '' : `: Lintel needs ${NODE} or newer`}`,
    ...parts.flatMap(({ lines: said }) => said),
    await dynamoDbLine(),
    postgresLine(),
    ...(wrong.length === 0 ? [] : ['', `Install what is missing: ${installCommand(wrong)}`]),
  ];
  io.out(`${lines.join('\n')}\n`);
  return node && wrong.length === 0 ? 0 : 1;
}

/** A stack without tables needs no engine, so a missing one is not an error. */
async function dynamoDbLine(): Promise<string> {
  try {
    return `${mark(true)} an engine for DynamoDB: ${(await findDynamoDb()).name}`;
  } catch (error) {
    if (!(error instanceof LocalRunError)) throw error;
    return `- ${error.message}`;
  }
}

/** The majors of PostgreSQL that a local run may start; a cluster asks for one of them. */
function postgresLine(): string {
  const there = POSTGRES_MAJORS.filter((major) => typeof packageOf(major) !== 'string');
  if (there.length > 0) return `${mark(true)} PostgreSQL for the local run: ${there.join(', ')}`;
  return `- no PostgreSQL for the local run: ${packageOf(POSTGRES_MAJORS.at(-1)!) as string}`;
}

const mark = (good: boolean) => (good ? 'ok' : 'no');

/** Which packages of a part are installed. */
function examined({ name, packages }: Part) {
  const ranges = peerRanges();
  const found = packages.map((packageName) => {
    const version = installedVersion(packageName);
    const range = ranges[packageName] ?? '*';
    if (version === undefined) return { wanted: packageName, bad: true, said: `  ${packageName} is not installed` };
    const bad = !fits(version, range);
    return { wanted: packageName, bad, said: `  ${packageName} ${version}${bad ? `: Lintel needs ${range}` : ''}` };
  });
  const used = installedVersion(packages[0]!) !== undefined;
  const bad = found.filter((one) => one.bad);
  const lines = used
    ? [`${mark(bad.length === 0)} ${name}`, ...found.map(({ said }) => said)]
    : [`- ${name}: not in use (${packages.join(', ')})`];
  return { used, bad: bad.map(({ wanted }) => wanted), lines };
}
