import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RULES } from '../../../lib/rules/rules/registry';
import { REGISTRY, registryText, ruleFiles } from '../../../scripts/rule-registry';

test('lists every rule by its own name, as npm run rules writes it', () => {
  const files = ruleFiles();
  expect(readFileSync(REGISTRY, 'utf8')).toBe(registryText(files));
  expect(RULES.map(({ id }) => id)).toEqual(files.map(({ id }) => id));
});

test.each(RULES)('$id says in plain sentences what it is about', ({ title, why, fix, source }) => {
  expect(title).toMatch(/^[A-Z/].*[^.]$/);
  expect(why).toMatch(/^[A-Z].*\.$/);
  expect(fix).toMatch(/^[a-z].*[^.]$/);
  expect(source).toMatch(/^https:\/\/(?:docs\.aws\.amazon\.com|developers\.cloudflare\.com|www\.pulumi\.com)\//);
});

test('tests each rule at its own path, with an open value', () => {
  const NOTHING_OPEN = ['EdgeProtection', 'FunctionUrlPermission', 'QueryLanguageFields', 'UnreadPolicy'];
  const files = ruleFiles().map(({ subject, name, id }) => ({
    id,
    file: path.join(__dirname, subject, `${name}.test.ts`),
  }));
  expect(files.filter(({ file }) => !existsSync(file))).toEqual([]);
  const closed = files.filter(({ file }) => !/\bopen(?:ButFine)?:|\bOPEN\b/.test(readFileSync(file, 'utf8')));
  expect(closed.map(({ id }) => id)).toEqual(NOTHING_OPEN);
});
