#!/usr/bin/env node
// `npm create lintel [FOLDER]`: copies the starter into an empty folder. It asks nothing and overwrites nothing.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TEMPLATE = fileURLToPath(new URL('./template', import.meta.url));

const HELP = `npm create lintel [FOLDER] [-- --name NAME]

Writes a serverless app on the AWS CDK into an empty folder, the current one by
default: an API, a table, two handlers, a test, a workflow for CI.

  --name NAME    the name of the app and of its stack (that of the folder)

Examples:
  npm create lintel notes
  npm create lintel notes -- --name team-notes
`;

/** Entries that a folder may have and still count as empty. */
const HARMLESS = new Set(['.git', '.DS_Store', '.idea', '.vscode']);

/** A user's mistake: only its message is printed. */
class Refusal extends Error {}

/** @param {readonly string[]} argv */
function main(argv) {
  const { values, positionals } = optionsOf(argv);
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (positionals.length > 1) throw new Refusal(`must be one folder, got ${positionals.join(', ')}`);
  const folder = path.resolve(positionals[0] ?? '.');
  const name = nameOf(folder, values.name);
  refuseFull(folder);
  copy(name, folder);
  process.stdout.write(nextSteps(name, folder));
}

/** @param {readonly string[]} argv */
function optionsOf(argv) {
  const options = /** @type {const} */ ({ name: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : error}\n\n${HELP.trimEnd()}`);
  }
}

/**
 * A name that npm and CloudFormation accept.
 * @param {string} folder
 * @param {string | undefined} given
 */
function nameOf(folder, given) {
  const name =
    given ??
    path
      .basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '');
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 100) return name;
  const rule = 'must be lower-case letters, digits and single hyphens, starting with a letter, at most 100';
  if (given === undefined)
    throw new Refusal(`the folder '${path.basename(folder)}' does not make a name; add -- --name NAME`);
  throw new Refusal(`'--name' ${rule}, got '${given}'; for example --name notes`);
}

/** @param {string} folder */
function refuseFull(folder) {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Refusal(`'${folder}' is a file; name a folder`);
  const found = readdirSync(folder).filter((name) => !HARMLESS.has(name));
  if (found.length === 0) return;
  const some = found.length > 3 ? `${found.slice(0, 3).join(', ')} and ${found.length - 3} more` : found.join(', ');
  throw new Refusal(`'${folder}' is not empty (${some}); name a new folder: npm create lintel notes`);
}

/**
 * @param {string} name
 * @param {string} folder
 */
function copy(name, folder) {
  const stack = name.replace(/(^|-)([a-z0-9])/g, (_, __, first) => first.toUpperCase());
  for (const file of filesIn(TEMPLATE)) {
    // npm leaves .gitignore files out of packages.
    const target = path.join(folder, file === 'gitignore' ? '.gitignore' : file);
    mkdirSync(path.dirname(target), { recursive: true });
    const text = readFileSync(path.join(TEMPLATE, file), 'utf8').replaceAll('__name__', name);
    writeFileSync(target, text.replaceAll('__Stack__', stack), { flag: 'wx' });
    // Files of an installed package may be read-only.
    chmodSync(target, 0o644);
  }
}

/**
 * @param {string} directory
 * @returns {string[]} paths within it
 */
function filesIn(directory) {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(directory, file)).isFile())
    .sort();
}

/**
 * @param {string} name
 * @param {string} folder
 */
function nextSteps(name, folder) {
  const place = path.relative(process.cwd(), folder);
  const steps = [
    ...(place === '' ? [] : [[`cd ${/[^\w./-]/.test(place) ? `'${place}'` : place}`, '']]),
    ['npm install', 'a minute, most of it for aws-cdk-lib'],
    ['npm test', 'types, and the app on this machine'],
    ['npm start', 'serves it until Ctrl-C; prints its address and a token'],
  ];
  const lines = steps.map(([command, what]) => `  ${what ? `${command?.padEnd(12)} # ${what}` : command}`);
  return `\n${name} is ready:\n\n${lines.join('\n')}\n\nREADME.md explains the layout, and what to change before you deploy.\n`;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Refusal) && !code) throw error;
  process.stderr.write(`create-lintel: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
}
