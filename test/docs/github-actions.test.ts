import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, { readonly workflows?: readonly string[] } | null>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (file: string) => parse(readFileSync(path.join('docs', file), 'utf8')) as Workflow;
const [judging, telling] = [workflow('github-actions.yml'), workflow('github-actions-comment.yml')];
const [judgingJob, tellingJob] = [judging.jobs.lintel!, telling.jobs.comment!];
const stepOf = (job: Job, name: string) => job.steps.find((step) => step.name === name)!;

test('what runs the code of a pull request may only read, and leaves no token behind', () => {
  expect(Object.keys(judging.on)).toEqual(['pull_request']);
  expect(judging.permissions).toEqual({ contents: 'read' });
  expect(judgingJob.permissions).toBeUndefined();
  expect(JSON.stringify(judging)).not.toMatch(/secrets\.|github\.token/);
  const checkouts = judgingJob.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual([false, false]);
});

test('what may write runs nothing of a pull request', () => {
  expect(telling.on).toEqual({ workflow_run: { workflows: [judging.name], types: ['completed'] } });
  expect([telling.permissions, tellingJob.permissions]).toEqual([
    {},
    { actions: 'read', 'pull-requests': 'write', 'security-events': 'write' },
  ]);
  expect(tellingJob.steps.flatMap(({ uses }) => uses ?? [])).toEqual(['github/codeql-action/upload-sarif@v3']);
  expect(tellingJob.steps.map(({ run = '' }) => run).join('\n')).not.toMatch(/\b(npm|npx|node|pip|make|eval|source)\b/);
});

test.each([judging, telling])('no script of $name is put together from what a stranger chose', ({ jobs, on }) => {
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  expect(Object.keys(on)).not.toContain('pull_request_target');
});

describe('the scripts', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'lintel-workflow-'));
    for (const name of ['bin', 'reports', 'out/report', 'head', 'base'])
      mkdirSync(path.join(directory, name), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const at = (name: string) => path.join(directory, name);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined);

  function command(name: string, script: string): void {
    writeFileSync(at(`bin/${name}`), `#!/bin/bash\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }

  function run({ run: script = '' }: Step, env: Readonly<Record<string, string>>): number | null {
    const given = {
      PATH: `${at('bin')}:/usr/bin:/bin`,
      GITHUB_OUTPUT: at('outputs'),
      RUNNER_TEMP: directory,
      OUT: at('out'),
    };
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: directory,
      env: { ...given, ...env },
    });
    return status;
  }

  /** Keeps the comment that is written, and the request. */
  const github = (existing: string) =>
    command(
      'gh',
      `echo "$*" >> '${at('requests')}'\ncase "$*" in *--paginate*) printf '%s' '${existing}';; *) cp "$RUNNER_TEMP/body.md" '${at('comment')}';; esac`,
    );
  const comment = (env: Readonly<Record<string, string>> = {}) =>
    run(stepOf(tellingJob, 'Write the comment'), {
      GH_REPO: 'acme/shop',
      NUMBER: '7',
      RUN_URL: 'https://example.com/run',
      HEAD_SHA: 'abc',
      CONCLUSION: 'failure',
      ...env,
    });
  const report = (name: string, text: string) => {
    mkdirSync(at(`reports/${name}`), { recursive: true });
    writeFileSync(at(`reports/${name}/report.txt`), text);
  };

  test('a hostile report stays text in a block of code', () => {
    github('');
    report(
      'lintel-app',
      `widened\n~~~~~~~~~~\n# Security review passed @octocat\n\u001b[2J<img src=x>\u202e\n${'x'.repeat(900)}\n`,
    );
    expect(comment()).toBe(0);
    const body = read('comment')!;
    expect(body.startsWith('<!-- lintel -->\n')).toBe(true);
    const [, block = '', after] = body.split(/^~~~~~~~~~~(?:text)?\n/m);
    expect(block).toContain('----------\n# Security review passed @octocat\n[2J<img src=x>\n');
    expect(Math.max(...block.split('\n').map((line) => line.length))).toBe(400);
    expect(after).toBe('');
    expect(read('requests')).toMatch(/POST repos\/acme\/shop\/issues\/7\/comments/);
  });

  test('its own comment is written anew, with the reports of all apps', () => {
    github('42');
    report('lintel-one', 'one\n');
    report('lintel-two', 'two\n');
    expect(comment()).toBe(0);
    expect(read('requests')).toMatch(/PATCH repos\/acme\/shop\/issues\/comments\/42/);
    expect(read('requests')).not.toContain('POST');
    expect(read('comment')).toMatch(/`lintel-one`[^]*\none\n[^]*`lintel-two`[^]*\ntwo\n/);
    expect(stepOf(tellingJob, 'Write the comment').run).toContain('.user.login == "github-actions[bot]"');
  });

  test('many long reports are cut where a comment ends', () => {
    github('');
    for (const name of ['a', 'b', 'c', 'd']) report(`lintel-${name}`, `${'y'.repeat(300)}\n`.repeat(100));
    expect(comment()).toBe(0);
    expect(read('comment')!.length).toBeLessThan(60_000);
    expect(read('comment')).toMatch(/The rest is in the log of the run\.\n$/);
  });

  test('nothing to say makes no comment, and an earlier one says so', () => {
    github('');
    expect(comment({ CONCLUSION: 'success' })).toBe(0);
    expect(read('requests')).not.toMatch(/POST|PATCH/);
    github('42');
    expect(comment({ CONCLUSION: 'success' })).toBe(0);
    expect(read('comment')).toContain('\nNothing to report.\n');
  });

  test('a run without a report is told', () => {
    github('');
    expect(comment()).toBe(0);
    expect(read('comment')).toContain('There is no report');
  });

  describe('of the findings for code scanning', () => {
    const gathered = (sarif: unknown) => {
      mkdirSync(at('reports/lintel-app'), { recursive: true });
      writeFileSync(at('reports/lintel-app/lintel.sarif'), typeof sarif === 'string' ? sarif : JSON.stringify(sarif));
      expect(run(stepOf(tellingJob, 'Gather the findings'), {})).toBe(0);
      const written = read('sarif/lintel-app.sarif');
      return written === undefined ? undefined : (JSON.parse(written) as { runs: Record<string, unknown>[] });
    };
    const finding = (text: string) => ({
      ruleId: 'FunctionMemory',
      level: 'error',
      message: { text, markdown: '[click](https://evil.example)' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'bin/shop.ts' }, region: { startLine: 7 } } }],
      partialFingerprints: { 'lintel/v1': 'a' },
    });
    const runBy = (name: string, ...results: object[]) => ({
      tool: {
        driver: { name, rules: [{ id: 'FunctionMemory', helpUri: 'https://evil.example', help: { text: 'set it' } }] },
      },
      results,
    });

    test('only plain text and places of one run by our name are passed on', () => {
      const hostile = [runBy('CodeQL', finding('asks [for](https://evil.example) <b>64</b>\nMB')), runBy('Other')];
      const { runs } = gathered({ version: '2.1.0', runs: hostile })!;
      expect(runs).toHaveLength(1);
      expect(JSON.stringify(runs)).not.toMatch(/CodeQL|Other|markdown|helpUri|\[for|<b>/);
      expect(runs[0]).toMatchObject({
        automationDetails: { id: 'lintel-app/' },
        tool: { driver: { name: 'Lintel' } },
        results: [
          {
            ruleId: 'FunctionMemory',
            level: 'error',
            locations: [{ physicalLocation: { artifactLocation: { uri: 'bin/shop.ts' }, region: { startLine: 7 } } }],
            partialFingerprints: { 'lintel/v1': 'a' },
          },
        ],
      });
    });

    test('what is no SARIF is not passed on', () => {
      expect(gathered('{"runs": "none"}')).toBeUndefined();
      expect(gathered('not JSON')).toBeUndefined();
      expect(read('outputs') ?? '').not.toContain('any=true');
    });
  });

  test('nothing is downloaded that the project has not installed', () => {
    const scripts = judgingJob.steps.map(({ run: script = '' }) => script).join('\n');
    expect(scripts.match(/npx (?!--no-install)/g)).toBeNull();
  });

  test('a link in place of a report is not followed', () => {
    github('');
    writeFileSync(at('token'), 'a secret of the runner');
    mkdirSync(at('reports/lintel-app'));
    symlinkSync(at('token'), at('reports/lintel-app/report.txt'));
    expect(comment()).toBe(0);
    expect(read('comment')).not.toContain('a secret');
  });

  const compare = (base: string) => run(stepOf(judgingJob, 'Compare access'), { BASE: base, APP: '.' });

  test.each([
    ['nothing widened\n\nnothing narrowed\n', 0, undefined],
    ['nothing widened\n\nnarrowed\nrole x\n', 0, 'nothing widened\n\nnarrowed\nrole x\n'],
    ['widened\nrole x\n', 1, 'widened\nrole x\n'],
    ['nothing widened\n\nnothing narrowed\n', 2, 'nothing widened\n\nnothing narrowed\n'],
  ])('of %j with exit %i the report is %j', (out, code, expected) => {
    command('npx', `printf '%s' '${out}'; exit ${code}`);
    expect(compare('success')).toBe(0);
    expect(read('outputs')).toBe(`code=${code}\n`);
    expect(read('out/report/report.txt')).toBe(expected);
  });

  test('where the base does not synthesize, that is said and all access is shown', () => {
    command('npx', 'echo "$*"');
    expect(compare('failure')).toBe(0);
    expect(read('outputs')).toBe('code=0\n');
    expect(read('out/report/report.txt')).toMatch(
      /^The base does not synthesize[^]*\n--no-install lintel access .*\/out\/head\n$/,
    );
  });

  test.each([
    ['0', '0', 0],
    ['1', '0', 1],
    ['0', '1', 1],
    ['0', '2', 1],
    ['', '0', 1],
  ])('rules with exit %j and access with exit %j make %i', (CHECK, ACCESS, expected) => {
    expect(run(stepOf(judgingJob, 'Pass or fail'), { CHECK, ACCESS })).toBe(expected);
  });
});
