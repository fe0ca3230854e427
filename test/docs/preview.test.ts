import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly steps: readonly Step[];
}

const text = readFileSync('docs/preview.yml', 'utf8');
const workflow = parse(text) as {
  readonly on: Readonly<Record<string, { readonly types?: readonly string[] } | null>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<'up' | 'down' | 'sweep' | 'comment', Job>>;
};
const { up, down, sweep, comment } = workflow.jobs;
const stepOf = (job: Job, name: string) => job.steps.find((step) => step.name === name)!;

describe('the workflow of previews', () => {
  test('runs on pull requests, their end included, and each day, and with nobody else’s rights', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'schedule', 'workflow_dispatch']);
    expect(workflow.on.pull_request?.types).toEqual(['opened', 'synchronize', 'reopened', 'closed']);
    expect(workflow.permissions).toEqual({});
    expect([up, down, sweep, comment].map(({ permissions }) => permissions)).toEqual([
      { contents: 'read' },
      { contents: 'read' },
      { contents: 'read', 'pull-requests': 'read' },
      { 'pull-requests': 'write' },
    ]);
  });

  test('gives no secret to a fork, nor to the installation of packages, nor to what writes comments', () => {
    for (const job of [up, down]) expect(job.if).toContain('head.repo.full_name == github.repository');
    expect(sweep.if).toBe("github.event_name != 'pull_request'");
    expect([up, down, sweep].map(({ environment }) => environment)).toEqual(['preview', 'preview', 'preview']);
    for (const job of [up, down, sweep]) {
      expect(JSON.stringify(stepOf(job, 'Install'))).not.toContain('secrets.');
      const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))!;
      expect(checkout.with?.['persist-credentials']).toBe(false);
    }
    expect(JSON.stringify(comment)).not.toContain('secrets.');
    expect(comment.steps.flatMap(({ uses = [] }) => uses)).toEqual([]);
    expect(comment.steps.map(({ run = '' }) => run).join('\n')).not.toMatch(/\b(npm|npx|node|pulumi|eval|source)\b/);
  });

  test('destroys by the code of the default branch, and cuts nothing off', () => {
    for (const job of [down, sweep]) {
      const checkout = job.steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))!;
      expect(checkout.with?.ref).toBe('${{ github.event.repository.default_branch }}');
    }
    expect(up.concurrency).toEqual(down.concurrency);
    for (const { concurrency } of [up, down, sweep]) expect(concurrency?.['cancel-in-progress']).toBe(false);
  });

  test('puts no script together from what a stranger chose, and needs nothing that GitHub does not read', () => {
    const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    expect(scripts.join('\n').match(/npx (?!--no-install)/g)).toBeNull();
    expect(text).not.toMatch(/<<: |[:-] [&*]\w/); // keys that are merged, and anchors
    expect(text).not.toContain('pull_request_target');
  });

  test('takes away no protection, and no stack but those of pull requests', () => {
    expect(text).not.toMatch(/unprotect|--force|--target|--exclude-protected/);
    expect(up.steps.concat(down.steps).flatMap(({ env = {} }) => env.STACK ?? [])).toEqual([]);
    for (const job of ['up', 'down'] as const) {
      const { env } = workflow.jobs[job] as unknown as { env: Record<string, string> };
      expect(env).toEqual({ STACK: 'pr-${{ github.event.pull_request.number }}' });
    }
  });
});

describe('its scripts', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'lintel-preview-'));
    for (const name of ['bin', 'infra/seeds']) mkdirSync(path.join(directory, name), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const at = (name: string) => path.join(directory, name);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');

  /** A command that notes how it is called. */
  function command(name: string, script: string): void {
    writeFileSync(at(`bin/${name}`), `#!/bin/bash\necho "${name} $*" >> '${at('calls')}'\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }

  function run({ run: script = '' }: Step, env: Readonly<Record<string, string>> = {}) {
    const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: directory,
      encoding: 'utf8',
      env: {
        PATH: `${at('bin')}:/usr/bin:/bin`,
        GITHUB_OUTPUT: at('outputs'),
        RUNNER_TEMP: directory,
        INFRA: 'infra',
        STACK: 'pr-17',
        ...env,
      },
    });
    return { status, said: stdout };
  }

  const stacks = (...names: string[]) => JSON.stringify(names.map((name) => ({ name })));

  describe('of a deployment', () => {
    const deployed = (outputs: object) => {
      command(
        'pulumi',
        `case "$*" in *output*) echo '${JSON.stringify(outputs)}';; *export*) echo '{"deployment":{}}';; esac`,
      );
      expect(run(stepOf(up, 'Deploy')).status).toBe(0);
      return read('outputs');
    };

    test('hand on addresses, and nothing else that a program says', () => {
      const outputs = {
        url: 'https://api-pr-17.acme.workers.dev',
        docs: 'https://docs.example.com/a/b~c',
        plain: 'http://example.com',
        script: 'https://example.com/">x',
        lines: 'https://example.com\nEND_OF_ADDRESSES\nother=1',
        'a b': 'https://example.com',
        secret: '[secret]',
        many: ['https://example.com'],
      };
      expect(deployed(outputs)).toBe(
        'addresses<<END_OF_ADDRESSES\nurl https://api-pr-17.acme.workers.dev\ndocs https://docs.example.com/a/b~c\nEND_OF_ADDRESSES\n',
      );
    });

    test('leave a stack alone that protects something', () => {
      const state = {
        deployment: { resources: [{ urn: 'urn:pulumi:pr-17::shop::t::db', protect: true }, { urn: 'x' }] },
      };
      command('pulumi', `case "$*" in *export*) echo '${JSON.stringify(state)}';; esac`);
      expect(run(stepOf(up, 'Deploy'))).toEqual({
        status: 1,
        said: "::error::a preview must not protect anything, and 'pr-17' protects db\n",
      });
      expect(read('calls')).toBe('pulumi stack export --stack pr-17\n');
    });

    test('make the stack once, and give it the configuration of previews each time', () => {
      command('curl', `echo '{"result":{"subdomain":"acme"}}'`);
      command(
        'pulumi',
        `case "$*" in 'stack ls --json') echo '${stacks('prod', 'pr-1')}';; *get*) echo account;; esac`,
      );
      expect(run(stepOf(up, 'Make the stack')).status).toBe(0);
      command('pulumi', `case "$*" in 'stack ls --json') echo '${stacks('acme/pr-17')}';; *get*) echo account;; esac`);
      expect(run(stepOf(up, 'Make the stack')).status).toBe(0);
      const configured = [
        'pulumi config cp --stack preview --dest pr-17',
        'pulumi config set lintel:preview true --stack pr-17',
        'pulumi config get cloudflare:accountId --stack pr-17',
        expect.stringMatching(/^curl .*\/accounts\/account\/workers\/subdomain$/),
        'pulumi config set lintel:workersDev acme --stack pr-17',
      ];
      expect(read('calls').trim().split('\n')).toEqual([
        'pulumi stack ls --json',
        'pulumi stack init pr-17 --no-select',
        ...configured,
        'pulumi stack ls --json',
        ...configured,
      ]);
    });

    test('refuse to copy rows of tables that nobody named', () => {
      command('npx', 'exit 0');
      const copy = stepOf(up, 'Copy rows');
      expect(run(copy, { DATABASE: 'staging', TABLES: '', SEEDS: 'seeds' })).toEqual({
        status: 1,
        said: '::error::PREVIEW_TABLES must name the tables whose rows are copied\n',
      });
      expect(run(copy, { DATABASE: 'staging', TABLES: 'orders lines', SEEDS: 'seeds' }).status).toBe(0);
      expect(read('calls')).toBe(
        'npx --no-install wrangler d1 export staging --remote --no-schema --table orders --table lines --output infra/seeds/9000_rows.sql\n',
      );
    });
  });

  test('destroy nothing where the stacks cannot be listed', () => {
    command('pulumi', 'exit 1');
    expect(run(stepOf(down, 'Destroy')).status).toBe(1);
    expect(run(stepOf(sweep, 'Destroy what was left behind')).status).toBe(1);
    expect(read('calls')).toBe('pulumi stack ls --json\npulumi stack ls --json\n');
  });

  test('sweep what is not open, go on after a failure, and leave what nobody can say', () => {
    const all = stacks(
      'prod',
      'preview',
      'preview-x',
      'pr-',
      'my-pr-1x',
      'pr-1',
      'acme/pr-2',
      'pr-3',
      'pr-4',
      'pr-5',
      'pr-6',
    );
    const state = (protect: boolean) => JSON.stringify({ deployment: { resources: [{ protect }] } });
    command(
      'pulumi',
      `case "$*" in 'stack ls --json') echo '${all}';; *export*pr-5) echo '${state(true)}';; *export*pr-6) exit 1;;
      *export*) echo '${state(false)}';; *'--stack pr-1 '*) exit 1;; esac`,
    );
    command('gh', `case "$3" in 1|2|5|6) echo MERGED;; 3) echo OPEN;; *) exit 1;; esac`);
    expect(run(stepOf(sweep, 'Destroy what was left behind'))).toEqual({
      status: 1,
      said: [
        "::error::nobody can say whether the pull request of 'pr-4' is open\n",
        "::error::'pr-5' protects something, or cannot be read, and is left alone\n",
        "::error::'pr-6' protects something, or cannot be read, and is left alone\n",
      ].join(''),
    });
    expect(
      read('calls')
        .split('\n')
        .filter((call) => /destroy|rm/.test(call)),
    ).toEqual([
      'pulumi destroy --stack pr-1 --yes --skip-preview --non-interactive',
      'pulumi destroy --stack acme/pr-2 --yes --skip-preview --non-interactive',
      'pulumi stack rm acme/pr-2 --yes',
    ]);
  });

  describe('of the comment', () => {
    const written = (env: Readonly<Record<string, string>>, existing = '') => {
      command(
        'gh',
        `case "$*" in *--paginate*) printf '%s' '${existing}';; *) cp "$RUNNER_TEMP/body.md" '${at('comment')}';; esac`,
      );
      const given = {
        GH_REPO: 'acme/shop',
        NUMBER: '17',
        HEAD_SHA: 'abc',
        RUN_URL: 'https://example.com/run',
        ADDRESSES: '',
      };
      expect(run(stepOf(comment, 'Write the comment'), { ...given, ...env }).status).toBe(0);
      return read('comment');
    };

    test.each<[string, Readonly<Record<string, string>>, string]>([
      [
        'has addresses, and no line that is none',
        {
          UP: 'success',
          DOWN: 'skipped',
          ADDRESSES: 'url https://a.acme.workers.dev\n@octocat <b>\nx https://y/)[z](w',
        },
        '**Preview** of abc\n\n- `url`: <https://a.acme.workers.dev>\n',
      ],
      ['may have no address', { UP: 'success', DOWN: 'skipped' }, '**Preview** of abc\n\n'],
      [
        'says that there is none',
        { UP: 'failure', DOWN: 'skipped' },
        'There is no preview of abc: [log](https://example.com/run)\n',
      ],
      ['says that it is gone', { UP: 'skipped', DOWN: 'success' }, 'The preview is gone, with all its data.\n'],
      [
        'says that it stays',
        { UP: 'skipped', DOWN: 'failure' },
        'The preview could not be taken away, and is tried again every day: [log](https://example.com/run)\n',
      ],
    ])('%s', (_what, env, expected) => {
      expect(written(env)).toBe(`<!-- lintel preview -->\n${expected}`);
      expect(read('calls')).toMatch(/POST repos\/acme\/shop\/issues\/17\/comments/);
    });

    test('is written anew', () => {
      written({ UP: 'skipped', DOWN: 'success' }, '42');
      expect(read('calls')).toMatch(/PATCH repos\/acme\/shop\/issues\/comments\/42/);
      expect(read('calls')).not.toContain('POST');
    });
  });
});
