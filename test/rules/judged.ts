import type { Model } from '../../lib/core/model/model';
import { readTemplate } from '../../lib/core/model/read-template';
import { type Rule, RuleContext } from '../../lib/rules/rule';

/** What a rule says, by logical id: `Worker MemorySize: asks for 64 MB...`. */
export interface Judged {
  /** `<logical id> <property>: <message>` of each finding. */
  readonly findings: string[];
  /** `<logical id> <property>: <reason>` of each verdict that is unknown. */
  readonly unknown: string[];
  /** `<logical id>: <failure>` of each resource on which the rule broke. */
  readonly failures: string[];
}

/**
 * Judges a template by one rule.
 * @param template a whole template, JSON or YAML; or its resources as data
 */
export function judged(rule: Rule, template: string | Readonly<Record<string, unknown>> | Model): Judged {
  const context = new RuleContext(modelOf(template));
  const result: Judged = { findings: [], unknown: [], failures: [] };
  for (const judgement of rule.check(context)) {
    const id = judgement.resource?.logicalId ?? '';
    if ('failure' in judgement) result.failures.push(`${id}: ${judgement.failure}`);
    else {
      const place = [id, judgement.property].filter(Boolean).join(' ');
      if ('reason' in judgement) result.unknown.push(`${place}: ${judgement.reason}`);
      else result.findings.push(`${place}: ${judgement.message}`);
    }
  }
  return result;
}

/** Says nothing at all: no finding, nothing unknown, no failure. */
export const quiet: Judged = { findings: [], unknown: [], failures: [] };

function modelOf(template: string | Readonly<Record<string, unknown>> | Model): Model {
  if (typeof template === 'string') return readTemplate(template, { name: 'T' });
  return isModel(template) ? template : readTemplate(JSON.stringify({ Resources: template }), { name: 'T' });
}

function isModel(value: Readonly<Record<string, unknown>> | Model): value is Model {
  return value.resources instanceof Map;
}
