// A Pulumi program and its stack, driven by the real command line on a backend of files.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { Cloud } from './cloud.mjs';
import { cache } from './engine.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const STACK = 'verify';

/** What programs have written, and packages. */
const LEFT_OUT = /[/\\](node_modules|cdk\.out|\.lintel)$/;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
for (const signal of ['exit', 'SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGKILL');
    if (signal !== 'exit') process.exit(1);
  });
}

/** @typedef {{ home: string, path: string }} Home */
/** @typedef {{ op: string, urn: string, name: string }} Step */

export class Program {
  /**
   * @param {string} source the directory of the program
   * @param {string} around the directory that is copied: the program's, or one around it that it imports from
   * @param {Home} home
   * @param {string} api where the cloud's own interface listens
   */
  constructor(source, around, home, api) {
    const copy = path.join(cache, 'work', source.replaceAll(/[/\\]/g, '-'));
    rmSync(copy, { recursive: true, force: true });
    cpSync(path.join(root, around), copy, { recursive: true, filter: (file) => !LEFT_OUT.test(file) });
    this.directory = path.join(copy, path.relative(around, source));
    const backend = path.join(copy, '.state');
    mkdirSync(backend);
    this.runInPlace();
    this.cloud = new Cloud(path.join(copy, '.cloud.json'));
    this.backend = backend;
    this.api = api;
    /** @type {Record<string, string | undefined>} */
    this.env = {
      ...process.env,
      PATH: home.path,
      PULUMI_HOME: home.home,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: 'verify',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      LINTEL_CLOUD: this.cloud.file,
      TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'),
      NO_COLOR: '1',
      NODE_OPTIONS: '',
    };
  }

  /** The entry points of this repository are TypeScript; a user's program has them compiled. */
  runInPlace() {
    const file = path.join(this.directory, 'Pulumi.yaml');
    const project = parse(readFileSync(file, 'utf8'));
    const runtime = { name: 'nodejs', options: { typescript: false, nodeargs: '--import tsx' } };
    writeFileSync(file, stringify({ main: 'index.ts', ...project, runtime }));
  }

  /** @param {Record<string, string>} plain @param {Record<string, string>} secret */
  async init(plain = {}, secret = {}) {
    await this.must('stack', 'init', STACK);
    await this.configure({ 'cloudflare:accountId': '0'.repeat(32), 'cloudflare:baseUrl': this.api, ...plain }, secret);
  }

  /** @param {Record<string, string>} plain @param {Record<string, string>} secret */
  async configure(plain, secret = {}) {
    const pairs = (/** @type {string} */ flag, /** @type {Record<string, string>} */ values) =>
      Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
    await this.must('config', 'set-all', ...pairs('--plaintext', plain), ...pairs('--secret', secret));
  }

  /** Writes a file of the program. @param {string} file @param {string} content */
  write(file, content) {
    writeFileSync(path.join(this.directory, file), content);
  }

  /** What a deployment would do, without what stays as it is. @returns {Promise<Step[]>} */
  async preview() {
    const { out } = await this.must('preview', '--json');
    /** @type {{ op: string, urn: string }[]} */
    const steps = JSON.parse(out.slice(out.indexOf('{'))).steps ?? [];
    return steps
      .filter(({ op }) => op !== 'same')
      .map(({ op, urn }) => ({ op, urn, name: urn.split('::').at(-1) ?? '' }));
  }

  up() {
    return this.must('up', '--yes', '--skip-preview');
  }

  refresh() {
    return this.must('refresh', '--yes', '--skip-preview', '--expect-no-changes');
  }

  destroy() {
    return this.must('destroy', '--yes', '--skip-preview');
  }

  /** @returns {Promise<Record<string, string>>} */
  async outputs() {
    const { out } = await this.must('stack', 'output', '--json');
    return JSON.parse(out.slice(out.indexOf('{')));
  }

  /** Everything that the backend has written, backups and history included. */
  state() {
    return filesIn(this.backend)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
  }

  /** @param {string[]} args */
  async must(...args) {
    const result = await this.pulumi(...args);
    if (result.code === 0) return result;
    throw new Error(`pulumi ${args.slice(0, 2).join(' ')} ended with ${result.code}:\n${result.out}\n${result.err}`);
  }

  /**
   * @param {string[]} args
   * @returns {Promise<{ code: number | null, out: string, err: string }>}
   */
  pulumi(...args) {
    const named = args.includes('--stack') ? [] : ['--stack', STACK];
    const stack = ['stack', 'config'].includes(args[0] ?? '') ? [] : ['--non-interactive', ...named];
    return new Promise((resolve, reject) => {
      const child = spawn('pulumi', [...args, ...stack], { cwd: this.directory, env: this.env });
      running.add(child);
      let out = '';
      let err = '';
      child.stdout.on('data', (text) => (out += text));
      child.stderr.on('data', (text) => (err += text));
      child.on('error', reject);
      child.on('close', (code) => {
        running.delete(child);
        resolve({ code, out, err });
      });
    });
  }
}

/** @param {string} directory @returns {string[]} */
function filesIn(directory) {
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    return statSync(file).isDirectory() ? filesIn(file) : [file];
  });
}
