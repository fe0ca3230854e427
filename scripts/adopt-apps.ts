// Puts our constructs around, or in the place of, what public apps have, and says what a deployment of the result would replace.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { main } from '../lib/cli/main';
import { processIo } from '../lib/cli/io';
import { type Recipe, RECIPES } from './adopt-apps/recipes';
import { adopted } from './adopt-apps/rewrite';

const HELP = `npx tsx scripts/adopt-apps.ts FOLDER...

Each FOLDER is a checkout of one of these apps, with its packages installed:
${RECIPES.map(({ app, home }) => `  ${app}  ${home}`).join('\n')}

Synthesizes a copy of the app as it is, takes our constructs into it, synthesizes it again, and runs 'lintel diff'.
Exit 0: nothing stateful is replaced, deleted or orphaned. Handlers are not bundled.`;

const root = path.join(__dirname, '..');

interface Manifest {
  readonly name?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** A copy below this repository, so that it and our constructs have one CDK. */
function copyOf(folder: string, into: string): void {
  cpSync(folder, into, {
    recursive: true,
    filter: (file) => !/^(node_modules|cdk\.out|\.git)$/.test(path.relative(folder, file)),
  });
  const modules = path.join(folder, 'node_modules');
  if (!existsSync(modules)) return;
  mkdirSync(path.join(into, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name === 'aws-cdk-lib' || name === 'constructs' || name.startsWith('.')) continue;
    const [from, to] = [path.join(modules, name), path.join(into, 'node_modules', name)];
    const isOfCdk = !name.startsWith('@') && manifestOf(from).peerDependencies?.['aws-cdk-lib'] !== undefined;
    if (isOfCdk) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
}

/** Runs the app's program; what it says is shown where it fails. */
function synthesize(app: string, program: string, outdir: string): void {
  const settings = JSON.parse(readFileSync(path.join(app, 'cdk.json'), 'utf8')) as { context?: object };
  const kept = path.join(app, 'cdk.context.json');
  const lookups = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as object) : {};
  const context = { ...settings.context, ...lookups, 'aws:cdk:bundling-stacks': [] };
  const tsconfig = path.join(app, 'tsconfig.lintel.json');
  const names = ['aws', 'runtime'].map((name) => [
    `lintel/${name}`,
    [path.join(root, name === 'aws' ? 'patterns/aws/index.ts' : 'lib/runtime/index.ts')],
  ]);
  writeFileSync(
    tsconfig,
    JSON.stringify({ compilerOptions: { esModuleInterop: true, paths: Object.fromEntries(names) as object } }),
  );
  execFileSync(process.execPath, [path.join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', tsconfig, program], {
    cwd: app,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function adopt(folder: string, { app, program, steps, imports }: Recipe, work: string): Promise<number> {
  const copy = path.join(work, app);
  copyOf(folder, copy);
  const [base, head] = ['base', 'head'].map((name) => path.join(work, `${app}-${name}`));
  synthesize(copy, program, base!);
  for (const file of new Set(steps.map((step) => step.file))) {
    const place = path.join(copy, file);
    const own = steps.filter((step) => step.file === file);
    writeFileSync(place, adopted(readFileSync(place, 'utf8'), file, own, imports));
  }
  synthesize(copy, program, head!);
  console.log(`\n${app}: ${steps.length} steps\n`);
  return main(['diff', base!, head!], processIo());
}

async function run(folders: readonly string[]): Promise<number> {
  if (folders.length === 0 || folders.includes('--help')) {
    console.log(HELP);
    return folders.length === 0 ? 2 : 0;
  }
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const work = mkdtempSync(path.join(root, '.cache/adopt-'));
  try {
    const codes: number[] = [];
    for (const folder of folders) {
      const { name } = manifestOf(folder);
      const recipe = RECIPES.find(({ app }) => app === name);
      if (!recipe)
        throw new Error(
          `no recipe for the app '${name}' (${folder}); there are ${RECIPES.map(({ app }) => app).join(', ')}`,
        );
      codes.push(await adopt(path.resolve(folder), recipe, work));
    }
    return Math.max(...codes);
  } finally {
    if (process.env.KEEP === undefined) rmSync(work, { recursive: true, force: true });
  }
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const said = (error as { stderr?: Buffer }).stderr?.toString() ?? '';
    console.error(`${error instanceof Error ? error.message : String(error)}\n${said}`);
    process.exitCode = 2;
  },
);
