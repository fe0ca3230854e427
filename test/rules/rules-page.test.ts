import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JUDGEMENT_RULES } from '../../lib/rules/judgement-rules';
import { RULES } from '../../lib/rules/rules/registry';
import { rulesPage } from '../../lib/rules/rules-page';

test('RULES.md says what the rules say; npm run rules writes it', () => {
  expect(readFileSync(path.join(__dirname, '../../RULES.md'), 'utf8')).toBe(rulesPage(RULES, JUDGEMENT_RULES));
});
