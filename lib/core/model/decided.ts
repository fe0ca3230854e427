import { isRecord, recordOf } from '../record';
import type { Template } from './model';
import { replaceSubVariables } from './sub-text';

/** Extra key of a parameter whose value is decided: its default. */
export const DECIDED = 'Lintel::Decided';

/** What a deployment decides that a template leaves open. */
export interface Decisions {
  /** Values of parameters of templates that are not nested, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Results of conditions, by name. */
  readonly conditions: Readonly<Record<string, boolean>>;
  /** Values of pseudo parameters, by name: `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
}

/**
 * A template as it would be deployed: each parameter has its given value or its default, and nothing else, and the
 * conditions compare these. A nested template's parameters still have what its parent passes. What is looked up in
 * Parameter Store stays open.
 * @param template as written
 * @param origin its account and region, and whether it is nested
 */
export function decided<T>(
  template: T,
  { parameters, conditions, pseudo }: Decisions,
  { environment: { account, region } = {}, parent }: Pick<Template, 'environment' | 'parent'>,
): T {
  if (!isRecord(template)) return template;
  const given = parent ? {} : parameters;
  const known = { ...pseudo, ...(account && { 'AWS::AccountId': account }), ...(region && { 'AWS::Region': region }) };
  const declared = Object.entries(recordOf(template.Parameters)).map(([name, declaration]) => [
    name,
    withValue(declaration, Object.hasOwn(given, name) ? given[name] : undefined),
  ]);
  const compared = Object.entries(recordOf(template.Conditions)).map(([name, expression]) => [
    name,
    Object.hasOwn(conditions, name) ? constant(conditions[name]!) : withPseudo(expression, known),
  ]);
  return {
    ...template,
    ...(isRecord(template.Parameters) && { Parameters: Object.fromEntries(declared) as unknown }),
    ...(isRecord(template.Conditions) && { Conditions: Object.fromEntries(compared) as unknown }),
  };
}

function withValue(declaration: unknown, value: string | undefined): unknown {
  if (!isRecord(declaration) || String(declaration.Type).startsWith('AWS::SSM::Parameter::Value')) return declaration;
  if (value === undefined && declaration.Default === undefined) return declaration;
  return { ...declaration, Default: value ?? declaration.Default, [DECIDED]: true };
}

function constant(outcome: boolean): unknown {
  return { 'Fn::Equals': [String(outcome), 'true'] };
}

function withPseudo(expression: unknown, pseudo: Decisions['pseudo']): unknown {
  const valueOf = (name: unknown): string | undefined =>
    typeof name === 'string' && Object.hasOwn(pseudo, name) ? pseudo[name] : undefined;
  const filled = (text: string): string => replaceSubVariables(text, valueOf);
  const visit = (value: unknown, inSub = false): unknown => {
    if (typeof value === 'string') return inSub ? filled(value) : value;
    if (Array.isArray(value)) return value.map((item) => visit(item, inSub));
    if (!isRecord(value)) return value;
    return (
      valueOf(value.Ref) ??
      Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item, name === 'Fn::Sub')]))
    );
  };
  return visit(expression);
}
