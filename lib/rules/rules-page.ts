import { type Rule } from './rule';

/** RULES.md: every rule with its severity, what it asks for, why, what to do, and the provider's page. */
export function rulesPage(rules: readonly Omit<Rule, 'check'>[]): string {
  const count = (severity: Rule['severity']) => rules.filter((rule) => rule.severity === severity).length;
  return [
    '# Rules',
    '',
    '<!-- Written by `npm run rules` from the rules themselves; do not edit. -->',
    '',
    `${rules.length} rules: ${count('error')} errors (AWS or Cloudflare rejects the deployment, or data can be lost or`,
    `exposed) and ${count('warning')} warnings (advice). The same rules judge CDK apps, templates and Pulumi programs. A value that is`,
    'known only at deployment gives the verdict `unknown`, never a pass. A finding is acknowledged by the name of its rule:',
    '`Lintel::FunctionMemory`.',
    '',
    '| Rule | Severity | Holds where the rule is kept |',
    '| --- | --- | --- |',
    ...rules.map(({ id, severity, title }) => `| [${id}](#${id.toLowerCase()}) | ${severity} | ${escaped(title)} |`),
    '',
    ...rules.flatMap(section),
  ].join('\n');
}

function section({ id, severity, title, why, fix, source }: Omit<Rule, 'check'>): string[] {
  return [
    `## ${id}`,
    '',
    `${escaped(title)} (${severity}).`,
    '',
    `- **Why:** ${escaped(why)}`,
    `- **Fix:** ${escaped(fix.charAt(0).toUpperCase() + fix.slice(1))}.`,
    `- **Source:** <${source}>`,
    '',
  ];
}

/** What would be a tag, a column or emphasis is text. */
function escaped(text: string): string {
  return text.replace(/[<>|*_]/g, '\\$&');
}
