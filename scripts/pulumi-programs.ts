/**
 * `npx tsx scripts/pulumi-programs.ts FOLDER`: runs every Pulumi program below a folder offline, judges it, and prints a table:
 * what was judged, what was not read, and why a program does not run. Made for other people's programs, installed outside of this
 * repository. A program is clean only where rules have read its resources.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { processIo } from '../lib/cli/io';
import { readGraph } from '../lib/core/model/read-graph';
import type { ResourceGraph } from '../lib/core/model/graph';
import { type PulumiProject, readProject, synthesizeProject } from '../lib/pulumi/project';
import { judge, RULES } from '../lib/rules';

const io = processIo();

interface Row {
  readonly program: string;
  readonly outcome: 'judged' | 'unread' | 'clean' | 'fails';
  readonly resources: number;
  readonly findings: number;
  readonly unknown: number;
  readonly details: readonly string[];
}

async function main(): Promise<void> {
  const [folder = '', ...rest] = process.argv.slice(2);
  const rows: Row[] = [];
  for (const program of programsBelow(folder)) rows.push(await rowOf(folder, program));
  if (rows.length === 0) throw new Error(`there is no Pulumi program for Node.js below '${folder}'`);
  for (const row of rows) {
    const { program, outcome, resources, findings, unknown, details } = row;
    io.out(
      `${program.padEnd(48)} ${outcome.padEnd(7)} ${resources} resources, ${findings} findings, ${unknown} unknown, ${details.length} unread\n`,
    );
    if (outcome === 'fails' || rest.includes('--details')) for (const detail of details) io.out(`    ${detail}\n`);
  }
  const ignorant = rows.filter(({ outcome }) => outcome === 'clean');
  io.out(
    `\n${rows.length} programs: ${rows.filter(({ outcome }) => outcome === 'fails').length} do not run, ${ignorant.length} clean\n`,
  );
}

function programsBelow(folder: string, depth = 0): readonly string[] {
  if (existsSync(path.join(folder, 'Pulumi.yaml'))) return [folder];
  if (depth > 2) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .flatMap(({ name }) => programsBelow(path.join(folder, name), depth + 1))
    .sort();
}

async function rowOf(folder: string, place: string): Promise<Row> {
  const program = path.relative(folder, place) || '.';
  const nothing = { resources: 0, findings: 0, unknown: 0 };
  try {
    const project = readProject(place);
    const model = readGraph(await synthesized(project));
    const { findings, unknown, unread, unjudged, failures } = judge(model, { rules: RULES });
    const details = [
      ...unread.map(({ path: at, message }) => `${at}: ${message}`),
      ...unjudged.map((name) => `${name}: nothing that any rule reads`),
    ];
    for (const { message } of failures) details.push(`a rule failed: ${message}`);
    const outcome = details.length > 0 ? 'unread' : findings.length + unknown.length > 0 ? 'judged' : 'clean';
    return {
      program,
      outcome,
      resources: model.resources.size,
      findings: findings.length,
      unknown: unknown.length,
      details,
    };
  } catch (error) {
    return { program, outcome: 'fails', ...nothing, details: [(error as Error).message.split('\n')[0]!] };
  }
}

/** Settings that a program needs and its stack does not have are made up as it asks for them. */
async function synthesized(project: PulumiProject): Promise<ResourceGraph> {
  const config: Record<string, unknown> = { 'aws:region': 'eu-west-1', ...project.config };
  for (let asked = 0; ; asked++) {
    try {
      return await synthesizeProject({ ...project, config });
    } catch (error) {
      const [, name] = /Missing required configuration variable '([^']+)'/.exec((error as Error).message) ?? [];
      if (name === undefined || asked === 30) throw error;
      config[name] = /count|size|port|number|capacity/i.test(name) ? 2 : 'example';
    }
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
