import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { REGISTRY, registryText, ruleFiles } from './rule-registry';

async function main(): Promise<void> {
  writeFileSync(REGISTRY, registryText(ruleFiles()));
  const { JUDGEMENT_RULES } = await import('../lib/rules/judgement-rules.js');
  const { RULES } = await import('../lib/rules/rules/registry.js');
  const { rulesPage } = await import('../lib/rules/rules-page.js');
  writeFileSync(path.join(__dirname, '../RULES.md'), rulesPage(RULES, JUDGEMENT_RULES));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
