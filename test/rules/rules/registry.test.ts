import { readdirSync, readFileSync } from 'node:fs';
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

test('has a mistake that each rule finds, and an open value for it', () => {
  const tests = readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.ts') && file !== path.basename(__filename))
    .map((file) => readFileSync(path.join(__dirname, file), 'utf8'))
    .join('\n');
  const rows = tests.split(/(?=^ +rule: ')/m);
  const rowsOf = (id: string) => rows.filter((row) => row.trimStart().startsWith(`rule: '${id}'`));
  const NOTHING_OPEN = ['EdgeProtection', 'FunctionUrlPermission', 'QueryLanguageFields'];
  expect(RULES.map(({ id }) => id).filter((id) => rowsOf(id).length === 0)).toEqual(['FunctionUrlPermission']);
  expect(RULES.map(({ id }) => id).filter((id) => !rowsOf(id).some((row) => /\bopen(?:ButFine)?:/.test(row)))).toEqual(
    NOTHING_OPEN.sort(),
  );
});
