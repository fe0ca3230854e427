import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../lib/cli/io';
import { main } from '../../lib/cli/main';
import { inMarkdown } from '../../lib/core/markdown';
import { visible, visibleJson } from '../../lib/core/visible';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-hostile-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What somebody writes who wants a reviewer to read something else. */
const HOSTILE =
  'x\n\n## Security review passed\n::error::y\u001b[2K\u202e | @security-team [ok](https://evil.example) <img src=x> `z` #12 www.evil.example';

const role = (action: string) => ({
  Type: 'AWS::IAM::Role',
  Metadata: { Lintel: { acknowledge: [{ rule: 'WildcardResource', reason: HOSTILE }] } },
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::111122223333:role/${HOSTILE}` }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [
      {
        PolicyName: HOSTILE,
        PolicyDocument: {
          Statement: [{ Sid: HOSTILE, Effect: 'Allow', Action: action, Resource: [`arn:aws:s3:::${HOSTILE}`, '*'] }],
        },
      },
    ],
  },
});

const fn = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: HOSTILE,
    MemorySize: HOSTILE,
    Role: { 'Fn::GetAtt': [HOSTILE, 'Arn'] },
    Environment: { Variables: { [`${HOSTILE}_PASSWORD`]: 'hunter2-hunter2-9' } },
    Timeout: { Ref: HOSTILE },
  },
};

function template(name: string, action: string): string {
  const file = path.join(scratch, name);
  const content = {
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: { [HOSTILE]: { Type: 'String' } },
    Resources: {
      [HOSTILE]: role(action),
      [`${HOSTILE}Fn`]: fn,
      [`${HOSTILE}Stack`]: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `${HOSTILE}.yaml` } },
      [`${HOSTILE}Odd`]: { Type: `AWS::Serverless::${HOSTILE}`, Properties: {} },
    },
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const head = template('head.json', `s3:*${HOSTILE}`);
const base = template('base.json', 's3:GetObject');

async function printed(terminal: boolean, ...argv: string[]): Promise<string> {
  let text = '';
  const add = (part: string) => {
    text += `${part}\n`;
  };
  const io: Io = { out: add, note: terminal ? add : () => undefined, colour: false };
  await main(argv, io);
  return text;
}

const commands: readonly (readonly string[])[] = [
  ['check', '--no-validate', head],
  ['check', head],
  ['access', head],
  ['access', '--diff', base, head],
  ['check', path.join(scratch, `no${HOSTILE}`)],
];

describe.each(commands.map((argv): [string, readonly string[]] => [argv.slice(0, 2).join(' '), argv]))(
  '%s',
  (_, argv) => {
    test('prints nothing on a terminal that moves, hides or commands', async () => {
      const text = await printed(true, ...argv);
      expect(text).toContain('\\u{1b}[2K');
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
      expect(text.split('\n').filter((line) => /^\s*(## Security|::error)/.test(line))).toEqual([]);
    });

    test('prints nothing in Markdown that is a heading, a link, a mention, HTML or a column', async () => {
      const option = argv[0] === 'check' ? ['--format', 'markdown'] : ['--markdown'];
      const text = await printed(false, argv[0]!, ...option, ...argv.slice(1));
      // What stands in code is shown as it is.
      const outside = text.replace(/`[^`\n]*`/g, '');
      expect(outside).not.toMatch(/@security|(?<!\\)\]\(|(?<!\\)<img|https:\/\/evil|www\.evil|#12/);
      expect(text.split('\n').filter((line) => /^\s*(## Security|::error)/.test(line))).toEqual([]);
      for (const row of text.split('\n').filter((line) => line.startsWith('| '))) {
        expect(row.replace(/\\\|/g, '').split('|').length).toBe(
          row.includes('| Rule |') || argv[0] === 'check' ? 7 : 6,
        );
      }
    });
  },
);

test.each([
  ['check', '--no-validate', '--format', 'json', head],
  ['check', '--no-validate', '--format', 'sarif', head],
  ['access', '--json', head],
  ['access', '--json', '--diff', base, head],
])('the JSON of %s %s %s shows everything', async (...argv) => {
  const text = await printed(false, ...argv);
  expect(JSON.stringify(JSON.parse(text))).toContain('\u202e');
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
});

test.each([
  ['a\u001b[31mb', 'a\\u{1b}[31mb'],
  ['::stop-commands::x', '\\u{3a}:stop-commands::x'],
  [' ##[error]x', ' \\u{23}#[error]x'],
  ['a\u2028b\u202ec', 'a\\u{2028}b\\u{202e}c'],
  ['Role\u3164\u115f\u034f\ufe0f\u2800', 'Role\\u{3164}\\u{115f}\\u{34f}\\u{fe0f}\\u{2800}'],
  ['\u001b]8;;https://evil.example\u0007x\u009b31m', '\\u{1b}]8;;https://evil.example\\u{7}x\\u{9b}31m'],
  ['Ünïcödé 日本 🎉', 'Ünïcödé 日本 🎉'],
])('%j shows as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('JSON in which everything shows means the same', () => {
  const value = { a: `\u202e\u0085\u{e0001}\u3164\ufe0f\`${HOSTILE}` };
  expect(JSON.parse(visibleJson(value))).toEqual(value);
  expect(visibleJson(value)).not.toMatch(/[`\p{Cf}\u0085\u3164\ufe0f]/u);
});

test.each([
  ['- item', '\u200b- item'],
  ['1. item', '\u200b1. item'],
  ['a & b &lt;', 'a &amp; b &amp;lt;'],
  ['deadbeefdeadbeef', 'dea\u200bdbeefdeadbeef'],
  ['GH-12', 'GH-\u200b12'],
])('%j is text of Markdown as %j', (text, shown) => {
  expect(inMarkdown(text)).toBe(shown);
});
