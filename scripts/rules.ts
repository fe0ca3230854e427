import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { JUDGEMENT_RULES } from '../lib/rules/judgement-rules';
import { RULES } from '../lib/rules/rules';
import { rulesPage } from '../lib/rules/rules-page';

writeFileSync(path.join(__dirname, '../RULES.md'), rulesPage(RULES, JUDGEMENT_RULES));
