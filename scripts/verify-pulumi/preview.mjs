// The workflow that gives each pull request a stack, docs/preview.yml: its own scripts, with the real engine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { Program } from './program.mjs';

const FIXTURE = 'test/pulumi/fixtures/engine/previewed';

/** @param {Parameters<import('./scenarios.mjs').Scenario>[0]} context */
export async function previews({ home, api, step }) {
  const program = new Program(FIXTURE, FIXTURE, home, api.url);
  program.env.CLOUDFLARE_API_TOKEN = 'token';
  const workflow = new Workflow(program);
  const { cloud } = program;
  /** @param {string} stack @param {Record<string, string>} plain */
  const stack = async (stack, plain = {}) => {
    const values = { 'cloudflare:accountId': '0'.repeat(32), 'cloudflare:baseUrl': api.url, ...plain };
    const pairs = Object.entries(values).flatMap(([name, value]) => ['--plaintext', `${name}=${value}`]);
    await program.must('stack', 'init', stack, '--no-select');
    await program.must('config', 'set-all', '--stack', stack, ...pairs, '--secret', 'key=k3y');
  };
  /** What is in the cloud, as text. @param {string} [without] */
  const things = (without = 'nothing') =>
    Object.values(cloud.things())
      .map((thing) => JSON.stringify(thing))
      .filter((text) => !text.includes(without))
      .sort();
  const databases = () => cloud.all('D1Database').map(([, { properties }]) => String(properties.name));

  await stack('preview');
  await stack('prod', { 'lintel:preview': 'true' });
  await step('production refuses to be a preview, and makes nothing', async () => {
    const { code, out, err } = await program.pulumi('up', '--yes', '--skip-preview', '--stack', 'prod');
    assert.notEqual(code, 0);
    assert.match(out + err, /'lintel:preview' must be set for stacks whose names begin with 'pr-'/);
    assert.deepEqual(things(), []);
    await program.must('config', 'rm', 'lintel:preview', '--stack', 'prod');
    await program.must('up', '--yes', '--skip-preview', '--stack', 'prod');
  });
  const production = things();

  await step('a pull request has a stack beside production, which is told where it answers', async () => {
    await workflow.run('up', 'Make the stack', 'pr-17');
    assert.equal(await workflow.run('up', 'Deploy', 'pr-17'), 'url https://api-pr-17.acme.workers.dev\n');
    assert.deepEqual(things('pr-17'), production);
    assert.equal(databases().length, 2);
    assert.equal(api.statements.filter((sql) => sql.includes("VALUES ('first')")).length, 1);
  });
  await step(
    'a push to it changes nothing that stayed the same, without the configuration of the run before',
    async () => {
      rmSync(path.join(program.directory, 'Pulumi.pr-17.yaml'));
      const before = things();
      await workflow.run('up', 'Make the stack', 'pr-17');
      await workflow.run('up', 'Deploy', 'pr-17');
      assert.deepEqual(things(), before);
    },
  );
  await step('a migration that was changed makes another database in the place of the one that has it', async () => {
    const [before] = databases().filter((name) => name !== 'orders');
    program.write('migrations/0001_orders.sql', 'CREATE TABLE orders (id TEXT PRIMARY KEY, total INTEGER);\n');
    program.write('seeds/0001_orders.sql', "INSERT INTO orders VALUES ('first', 1);\n");
    await workflow.run('up', 'Deploy', 'pr-17');
    assert.equal(databases().length, 2);
    assert.ok(!databases().includes(String(before)), 'the old one is still there');
    assert.deepEqual(things('pr-17'), production);
  });
  await step('what the program protects in it is refused, since it could never go', async () => {
    await program.must('config', 'set', 'guarded', 'true', '--stack', 'preview');
    await workflow.run('up', 'Make the stack', 'pr-17');
    assert.match(await workflow.refusal('up', 'Deploy', 'pr-17'), /'pr-17' protects guarded/);
    await program.must('config', 'rm', 'guarded', '--stack', 'preview');
    await program.must('config', 'rm', 'guarded', '--stack', 'pr-17');
    await program.must('state', 'unprotect', '--all', '--yes', '--stack', 'pr-17');
    await workflow.run('up', 'Deploy', 'pr-17');
  });
  await step('a stack that was deployed with its protections is refused, and left alone', async () => {
    await stack('pr-18');
    // Without its domain and names, which production has.
    const index = readFileSync(path.join(program.directory, 'index.ts'), 'utf8');
    const other = "new EdgeStore('cache');\nnew EdgeApi('api', { handler: 'workers/api.ts' });\n";
    program.write('index.ts', `import { EdgeApi, EdgeStore } from 'lintel/edge';\n\n${other}`);
    await program.must('up', '--yes', '--skip-preview', '--stack', 'pr-18');
    program.write('index.ts', index);
    const before = things();
    assert.match(await workflow.refusal('up', 'Deploy', 'pr-18'), /'pr-18' protects cache-namespace/);
    assert.deepEqual(things(), before);
  });
  await step('closing takes all of it away, and nothing else', async () => {
    rmSync(path.join(program.directory, 'Pulumi.pr-17.yaml'));
    await workflow.run('down', 'Destroy', 'pr-17');
    assert.deepEqual(things('pr-18'), production);
    assert.equal(await workflow.run('down', 'Destroy', 'pr-17'), '');
  });
  await step('the sweep takes what is closed, says what it cannot take, and leaves the rest', async () => {
    await stack('pr-19', { 'lintel:preview': 'true' });
    await workflow.run('up', 'Deploy', 'pr-19');
    workflow.pulls = { 17: 'MERGED', 18: 'CLOSED', 19: 'OPEN' };
    const before = things();
    assert.match(await workflow.refusal('sweep', 'Destroy what was left behind', 'none'), /'pr-18' protects something/);
    assert.deepEqual(things(), before);
    await program.must('state', 'unprotect', '--all', '--yes', '--stack', 'pr-18');
    await workflow.run('sweep', 'Destroy what was left behind', 'none');
    assert.ok(things().some((text) => text.includes('pr-19')));
    assert.ok(!things().some((text) => text.includes('pr-18')));
    workflow.pulls = { 19: 'CLOSED' };
    await workflow.run('sweep', 'Destroy what was left behind', 'none');
    assert.deepEqual(things(), production);
  });
  await step('everything is destroyed once it is not protected any more', async () => {
    await program.must('state', 'unprotect', '--all', '--yes', '--stack', 'prod');
    await program.must('destroy', '--yes', '--skip-preview', '--stack', 'prod');
    assert.deepEqual(things(), []);
  });
}

/** Runs scripts of the workflow as its runner does, with the services that it asks in their place. */
class Workflow {
  /** Pull requests by number. @type {Record<string, string>} */
  pulls = {};

  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    this.jobs = parse(readFileSync('docs/preview.yml', 'utf8')).jobs;
    this.temp = path.join(program.directory, '.runner');
    mkdirSync(this.temp);
    this.command('curl', `echo '{"result":{"subdomain":"acme"}}'`);
  }

  /** The outputs of a step that ends well. @param {string} job @param {string} name @param {string} stack */
  async run(job, name, stack) {
    const { status, said, addresses } = await this.start(job, name, stack);
    assert.equal(status, 0, said);
    return addresses;
  }

  /** What a step says that fails. @param {string} job @param {string} name @param {string} stack */
  async refusal(job, name, stack) {
    const { status, said } = await this.start(job, name, stack);
    assert.notEqual(status, 0, said);
    return said;
  }

  /** @param {string} job @param {string} name @param {string} stack */
  async start(job, name, stack) {
    const { run } = this.jobs[job].steps.find((/** @type {{ name: string }} */ one) => one.name === name);
    const states = Object.entries(this.pulls).map(([number, state]) => `${number}) echo ${state};;`);
    this.command('gh', `case "$3" in ${states.join(' ')} *) exit 1;; esac`);
    const outputs = path.join(this.temp, 'outputs');
    writeFileSync(outputs, '');
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: this.program.directory,
      env: {
        ...this.program.env,
        PATH: `${this.temp}:${this.program.env.PATH}`,
        INFRA: '.',
        STACK: stack,
        RUNNER_TEMP: this.temp,
        GITHUB_OUTPUT: outputs,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    const status = await new Promise((resolve) => child.on('close', resolve));
    const [, addresses = ''] = /<<END_OF_ADDRESSES\n([^]*)END_OF_ADDRESSES/.exec(readFileSync(outputs, 'utf8')) ?? [];
    return { status, said, addresses };
  }

  /** @param {string} name @param {string} script */
  command(name, script) {
    const file = path.join(this.temp, name);
    writeFileSync(file, `#!/bin/bash\n${script}\n`);
    chmodSync(file, 0o755);
  }
}
