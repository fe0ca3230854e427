import { readTemplate } from '../../../lib/core/model/read-template';
import type { Model } from '../../../lib/core/model/model';
import { type Rule, RuleContext } from '../../../lib/rules/rule';
import { recordOf } from '../../../lib/core/record';
import { judge } from '../../../lib/rules/judge';
import { RULES } from '../../../lib/rules/rules/registry';

/** Resources of a template, as data. */
export type Resources = Readonly<Record<string, object>>;

/**
 * What is changed in a template: a resource (`Worker`) or a property of one (`Worker.Timeout`, a path below
 * `Properties`). `undefined` takes it away.
 */
export type Changes = Readonly<Record<string, unknown>>;

/** One mistake: the template that differs in it alone, and what is said of it. */
export interface Fault {
  /** The mistake, to end the sentence `refuses ...`. */
  readonly mistake: string;
  /** The change that makes it. */
  readonly change: Changes;
  /** A part of the message. */
  readonly message: string;
  /** A change after which the rule cannot judge, and says so. */
  readonly open?: Changes;
  /** A change after which the rule does not care what the value is. */
  readonly openButFine?: Changes;
}

/** A value that is known only at deployment. */
export const OPEN = { Ref: 'Open' };

/** A value in production, and another one elsewhere. */
export const inProduction = (value: unknown, otherwise: unknown = { Ref: 'AWS::NoValue' }): object => ({
  'Fn::If': ['IsProduction', value, otherwise],
});

/** `Fn::GetAtt` of an ARN. */
export const arn = (resource: string): object => ({ 'Fn::GetAtt': [resource, 'Arn'] });

/** A model of resources, with a parameter `Open` without a default and a condition `IsProduction`. */
export function modelOf(resources: Resources, parameters: object = {}): Model {
  const template = {
    Parameters: { Open: { Type: 'String' }, ...parameters },
    Conditions: { IsProduction: { 'Fn::Equals': [OPEN, 'production'] } },
    Resources: resources,
  };
  return readTemplate(JSON.stringify(template), { name: 'Shop' });
}

/** What all rules say of a model: `FunctionMemory Worker: asks for ...`. */
export function judgeAll(
  model: Model,
  rules: readonly Rule[] = RULES,
): Record<'findings' | 'unknown' | 'failures', string[]> {
  const said = { findings: [] as string[], unknown: [] as string[], failures: [] as string[] };
  const context = new RuleContext(model);
  for (const rule of rules) {
    for (const judgement of rule.check(context)) {
      const place = `${rule.id} ${judgement.resource?.logicalId}:`;
      if ('failure' in judgement) said.failures.push(`${place} ${judgement.failure}`);
      else if ('reason' in judgement) said.unknown.push(`${place} ${judgement.reason}`);
      else said.findings.push(`${place} ${judgement.message}`);
    }
  }
  return said;
}

/** Resources with changes made. */
export function changed(resources: Resources, changes: Changes): Resources {
  const copy = structuredClone(resources) as Record<string, { Properties?: Record<string, unknown> }>;
  for (const [path, value] of Object.entries(changes)) {
    const [name = '', ...names] = path.split('.');
    if (names.length === 0) {
      if (value === undefined) delete copy[name];
      else copy[name] = value as { Properties: Record<string, unknown> };
      continue;
    }
    const resource = copy[name];
    if (!resource) throw new Error(`the template has no resource ${name}`);
    put((resource.Properties ??= {}), names, value);
  }
  return copy;
}

function put(holder: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) put((holder[name] ??= {}) as Record<string, unknown>, rest, value);
  else if (value === undefined) delete holder[name];
  else holder[name] = value;
}

/** How a good template becomes a model, with changes or without. */
export type ModelWith = (changes: Changes) => Model;

/** Shows that each mistake in a good template is found by the rule, and by no other. */
export function describeFaults(rule: Rule, base: Resources, faults: readonly Fault[]): void {
  describeMistakes(rule, (changes) => modelOf(changed(base, changes)), faults);
  const variants = faults.flatMap(({ mistake, change }) =>
    spellings(base, change).map(([how, model]) => [`${mistake}, ${how}`, model] as const),
  );
  if (variants.length === 0) return;
  test(`${rule.id} knows its mistakes in one branch, as text, and as the default of a parameter`, () => {
    const missed = variants.filter(([, model]) => {
      const { findings, unknown } = judge(model(), { rules: [rule] });
      return findings.length + unknown.length === 0;
    });
    expect(missed.map(([mistake]) => mistake)).toEqual([]);
  });
}

/** A mistake as others write it: what is set stands in a branch, in quotes, or in a parameter. */
function spellings(base: Resources, change: Changes): (readonly [how: string, model: () => Model])[] {
  const set = Object.entries(change).filter(([path, value]) => path.includes('.') && value !== undefined);
  if (set.length === 0 || JSON.stringify(change).includes('Fn::If')) return [];
  const spelled = (by: (value: unknown, path: string) => unknown): Changes => ({
    ...change,
    ...Object.fromEntries(set.map(([path, value]) => [path, by(value, path)])),
  });
  const scalars = set.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const parameters = Object.fromEntries(
    set.map(([, value], index) => [`Given${index}`, { Type: 'String', Default: String(value) }]),
  );
  const names = new Map(set.map(([path], index) => [path, `Given${index}`]));
  const inBranch = spelled((value, path) => inProduction(value, valueAt(base, path)));
  const inQuotes = spelled((value) => String(value));
  const given = spelled((_, path) => ({ Ref: names.get(path) }));
  return [
    ['in production', () => modelOf(changed(base, inBranch))],
    ...(scalars
      ? ([
          ['in quotes', () => modelOf(changed(base, inQuotes))],
          ['by a parameter', () => modelOf(changed(base, given), parameters)],
        ] as const)
      : []),
  ];
}

/** What stands at a path of a good template, to go on standing there elsewhere than in production. */
function valueAt(base: Resources, path: string): unknown {
  const [resource = '', ...names] = path.split('.');
  let value: unknown = recordOf(base[resource]).Properties;
  for (const name of names) value = Array.isArray(value) ? (value as unknown[])[Number(name)] : recordOf(value)[name];
  return value;
}

/** Shows that a rule says nothing where something is right that looks like a mistake. */
export function describeAccepted(
  rule: Rule,
  base: Resources,
  cases: readonly { readonly accepts: string; readonly change: Changes }[],
): void {
  test.each(cases.map((one): [string, Changes] => [one.accepts, one.change]))(`${rule.id} accepts %s`, (_, change) => {
    const said = judgeAll(modelOf(changed(base, change)), [rule]);
    expect(said).toEqual({ findings: [], unknown: [], failures: [] });
  });
}

/** What `describeFaults` does, for models of any origin. */
export function describeMistakes(rule: Rule, modelWith: ModelWith, faults: readonly Fault[]): void {
  const { id } = rule;

  for (const { mistake, change, message, open, openButFine } of faults) {
    test(`${id} refuses ${mistake}`, () => {
      const { findings, unknown, failures } = judgeAll(modelWith(change));
      expect({ findings, unknown, failures }).toEqual({
        findings: [expect.stringContaining(message)],
        unknown: [],
        failures: [],
      });
      expect(findings).toEqual([expect.stringMatching(`^${id} `)]);
    });

    if (open) {
      test(`${id} says when it cannot judge: ${mistake}`, () => {
        const { findings, unknown } = judgeAll(modelWith(open), [rule]);
        expect(findings).toEqual([]);
        expect(unknown).not.toEqual([]);
      });
    }

    if (openButFine) {
      test(`${id} does not mind an open value: ${mistake}`, () => {
        const { findings, unknown } = judgeAll(modelWith(openButFine), [rule]);
        expect([...findings, ...unknown]).toEqual([]);
      });
    }
  }
}
