import type { Rule } from './rule';

type RuleText = Omit<Rule, 'check'>;

/**
 * RULES.md: every rule with its severity, what it asks for, why, what to do, and the provider's page.
 * @param aboutJudging what a report may say about the judgement itself
 */
export function rulesPage(rules: readonly RuleText[], aboutJudging: readonly RuleText[]): string {
  const count = (severity: Rule['severity']) => rules.filter((rule) => rule.severity === severity).length;
  return [
    '# Rules',
    '',
    '<!-- Written by `npm run rules` from the rules themselves; do not edit. -->',
    '',
    `${rules.length} rules: ${count('error')} errors (AWS or Cloudflare rejects the deployment, or data can be lost or`,
    `exposed) and ${count('warning')} warnings (advice). The same rules judge CDK apps, templates and Pulumi programs. A value that is`,
    'known only at deployment gives the verdict `unknown`, never a pass.',
    '',
    'A finding is acknowledged by the name of its rule, `Lintel::FunctionMemory`, or by its own, `Lintel::PlaintextSecret[TOKEN]`,',
    'on the construct or any above it; it stays in the report with the reason. An acknowledgement may end:',
    '',
    '```ts',
    'Validations.of(worker).acknowledge({',
    "  id: 'Lintel::FunctionTracing',",
    "  reason: 'the vendor library breaks under tracing; expires 2027-03-31',",
    '});',
    '```',
    '',
    'In a template, the same goes into a resource’s metadata; on a SAM resource it covers everything expanded from it:',
    '',
    '```yaml',
    'Metadata:',
    '  Lintel:',
    '    acknowledge:',
    '      - { rule: FunctionTracing, reason: the vendor library breaks under tracing, expires: 2027-03-31 }',
    '```',
    '',
    'From the day after, the finding counts again. What aws-cdk-lib creates itself (custom resource providers, log',
    'retention, bucket deployment) is judged too; its findings are listed under the helper that made it, and fail nothing.',
    '',
    '| Rule | Severity | Holds where the rule is kept |',
    '| --- | --- | --- |',
    ...rules.map(({ id, severity, title }) => `| [${id}](#${id.toLowerCase()}) | ${severity} | ${escaped(title)} |`),
    '',
    ...rules.flatMap(section),
    '# About the judgement itself',
    '',
    ...aboutJudging.flatMap(section),
  ].join('\n');
}

function section({ id, severity, title, why, fix, source }: RuleText): string[] {
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

/** Escapes tags, column separators and emphasis. */
function escaped(text: string): string {
  return text.replace(/[<>|*_]/g, '\\$&');
}
