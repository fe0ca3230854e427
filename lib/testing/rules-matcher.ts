import { judge } from '../rules/judge';
import { acknowledgementsOf } from '../rules/plugin';
import { textReport } from '../rules/report/text';
import type { Rule } from '../rules/rule';
import { RULES } from '../rules/rules/registry';
import type { MatcherResult } from './matchers';
import { modelOf } from './model-of';
import type { ModelSource } from './sources';

/** Whatever rules can judge: constructs, templates, a Pulumi graph, a path that `lintel check` takes. */
export type RulesSource = ModelSource;

/**
 * Whether all rules pass: no error, warning, unknown or failure without an acknowledgement. Unknown is not a
 * pass, and a test that passes shows nothing.
 * @param rules which rules judge; all by default
 */
export function toPassRules(received: RulesSource, rules: readonly Rule[] = RULES): MatcherResult {
  const report = judge(...judged(received, rules));
  const pass = [report.findings, report.unknown, report.failures].every(({ length }) => length === 0);
  return {
    pass,
    message: () =>
      pass
        ? 'expected a finding, but all rules pass'
        : `expected all rules to pass\n\n${textReport({ ...report, acknowledged: [] }).trimEnd()}`,
  };
}

type Judged = Parameters<typeof judge>;

/** Constructs in an app are judged with the app's acknowledgements; everything else as it is. */
function judged(received: RulesSource, rules: readonly Rule[]): Judged {
  const { model, templates, app } = modelOf(received);
  return [
    model,
    {
      rules,
      known: RULES.map(({ id }) => id),
      ...(templates && { templates }),
      ...(app && { acknowledgements: acknowledgementsOf(app, model) }),
    },
  ];
}
