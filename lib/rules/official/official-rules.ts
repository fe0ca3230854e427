import { nearest } from '../../core/nearest';
import type { Model, Resource } from '../../core/model/model';
import type { Finding, Rule, Severity } from '../rule';
import type { Diagnostic, OfficialRuleText, Validation } from './validator';

/** The namespace of the validator's ids where CDK acknowledges them: `CloudFormation-Validate::W3010`. */
export const OFFICIAL_NAMESPACE = 'CloudFormation-Validate';

/** The format of the validator's ids. */
export const OFFICIAL_ID = /^[EFIW]\d{4}$/;

/** The official validator's diagnostics as rules, so that they are judged like ours. */
export function officialRules({ rules, diagnostics }: Validation): readonly Rule[] {
  return rules.filter(({ severity }) => SEVERITIES[severity] !== undefined).map((text) => ruleOf(text, diagnostics));
}

const SEVERITIES: Readonly<Record<string, Severity>> = { FATAL: 'error', ERROR: 'error', WARN: 'warning' };

function ruleOf({ id, severity, description }: OfficialRuleText, diagnostics: Validation['diagnostics']): Rule {
  return {
    id,
    severity: SEVERITIES[severity]!,
    title: description,
    why: `${description}.`,
    fix: 'correct it, or acknowledge it if the validator is wrong',
    source: 'https://github.com/aws-cloudformation/cloudformation-validate',
    tool: OFFICIAL_NAMESPACE,
    *check({ model }) {
      for (const [template, list] of diagnostics) {
        for (const diagnostic of list) if (diagnostic.ruleId === id) yield finding(model, template, diagnostic);
      }
    },
  };
}

function finding(model: Model, template: string, diagnostic: Diagnostic): Finding {
  const { suggestedFix, propertyPath = '' } = diagnostic;
  const property = /^Properties\.(.+)$/.exec(propertyPath)?.[1];
  const { message, meant } = shortened(oneLine(diagnostic.message));
  const remedy = suggestedFix === undefined ? undefined : oneLine(lowerFirst(suggestedFix)).replace(/\.$/, '');
  return {
    resource: about(model, template, diagnostic),
    property,
    message,
    remedy: meant === undefined ? remedy : `did you mean '${meant}'?`,
    detail: property ?? (propertyPath === '' || propertyPath.startsWith('Properties') ? undefined : propertyPath),
  };
}

/** Replaces a long list of possible values by the one that was probably meant. */
function shortened(message: string): { message: string; meant?: string } {
  const [, subject, name = '', listed] = /^('([^']*)' is not one of )\[(.*)\]$/.exec(message) ?? [];
  const names = listed?.split(', ').map((one) => one.replace(/^'|'$/g, '')) ?? [];
  const meant = nearest(name, names);
  return names.length > 8 ? { message: `${subject}${names.length} possible values`, meant } : { message, meant };
}

/** The resource; for a parameter, an output or the like, a stand-in with its place. */
function about(model: Model, template: string, { entity, propertyPath, startLine, startColumn }: Diagnostic): Resource {
  const id = `${template}/${entity?.logicalId ?? ''}`;
  const known = entity?.entityType === 'Resource' ? model.resources.get(id) : undefined;
  if (known) return known;
  const { file, path } = model.templates.get(template)!;
  return {
    id,
    logicalId: entity ? `${entity.entityType} ${entity.logicalId}` : (propertyPath ?? 'the template'),
    type: '',
    properties: {},
    dependsOn: [],
    attributes: {},
    metadata: {},
    template,
    path: path === undefined || entity === undefined ? path : `${path}/${entity.logicalId}`,
    // Code scanning refuses a report with a result that is at no line.
    location: { file: file!, line: startLine ?? 1, column: startColumn ?? 1 },
  };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
