import path from 'node:path';
import { type Model, whole } from '../../../core/model/model';
import { read } from '../../../core/model/read';
import { readAssembly } from '../../../core/model/read-assembly';
import { nearest } from '../../../core/nearest';
import { recordOf } from '../../../core/record';
import type { LocalRunOptions } from '../options';
import { assemblyDirectory, isTemplate, type RunSource } from './assembly';
import { LocalRunError } from './errors';
import { ACCOUNT, PARTITION, REGION } from './run-names';
import type { Unsupported } from './unsupported';

/**
 * Reads what is to be run, with the values of its parameters and the results of its conditions.
 * @throws LocalRunError also when no template has a given parameter or condition, or a value is not an allowed one
 * @throws ReadError as `runLocally`
 */
export function readToRun(
  source: RunSource,
  options: LocalRunOptions,
): { readonly directory: string; readonly model: Model } {
  const { templateParameters: parameters = {}, conditions = {}, region = REGION, account = ACCOUNT } = options;
  const pseudo = {
    'AWS::AccountId': account,
    'AWS::Partition': PARTITION,
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const decisions = { parameters, conditions, pseudo };
  const directory = isTemplate(source) ? path.dirname(path.resolve(source)) : assemblyDirectory(source);
  const model = whole(isTemplate(source) ? read(source, { decisions }) : readAssembly(directory, decisions));
  const faults = [...parameterFaults(model, parameters), ...conditionFaults(model, conditions)];
  if (faults.length > 0) throw new LocalRunError(faults.join('\n'));
  return { directory, model };
}

/** Values that no template takes: CloudFormation would refuse them as well. */
function parameterFaults({ templates }: Model, given: Readonly<Record<string, string>>): readonly string[] {
  const declared = [...templates.values()].flatMap(({ parent, parameters = {} }) => (parent ? [] : [parameters]));
  const names = declared.flatMap((parameters) => Object.keys(parameters));
  return Object.entries(given).flatMap(([name, written]) => {
    const value = String(written);
    if (name.startsWith('AWS::')) return [];
    const own = declared.filter((parameters) => Object.hasOwn(parameters, name)).map((all) => recordOf(all[name]));
    if (own.length === 0) return [`'templateParameters': no template has the parameter '${name}'${meant(name, names)}`];
    return own.flatMap(({ AllowedValues, Type, NoEcho }) => {
      if (!Array.isArray(AllowedValues)) return [];
      const allowed = AllowedValues.map(String);
      const values = String(Type).startsWith('List<') || Type === 'CommaDelimitedList' ? value.split(',') : [value];
      if (values.every((one) => allowed.includes(one.trim()))) return [];
      const got = String(NoEcho) === 'true' ? '' : `, got '${value}'`;
      return [`'templateParameters': '${name}' must be one of ${allowed.map((one) => `'${one}'`).join(', ')}${got}`];
    });
  });
}

function conditionFaults({ templates }: Model, given: Readonly<Record<string, boolean>>): readonly string[] {
  const names = [...templates.values()].flatMap(({ conditions = {} }) => Object.keys(conditions));
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `'conditions': no template has the condition '${name}'${meant(name, names)}`);
}

function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near !== undefined) return `; did you mean '${near}'?`;
  return names.length > 0 ? `; there is ${[...new Set(names)].map((one) => `'${one}'`).join(', ')}` : '; remove it';
}

/**
 * The results of the conditions that values known only at deployment leave open: as many as can be true together.
 * @returns the results by name, and what there is to say about them
 */
export function openConditions(model: Model): {
  readonly outcomes: Readonly<Record<string, boolean>>;
  readonly guessed: readonly Unsupported[];
} {
  const outcomes: Record<string, boolean> = {};
  const guessed: Unsupported[] = [];
  for (const { name: template, conditions = {}, scenarios } of model.templates.values()) {
    const held = (scenario: Readonly<Record<string, boolean>>): number =>
      Object.values(scenario).filter(Boolean).length;
    const [likely, ...others] = [...(scenarios?.() ?? [])].sort((a, b) => held(b) - held(a));
    if (!likely) continue;
    Object.assign(outcomes, likely);
    for (const name of Object.keys(conditions)) {
      if (others.every((scenario) => scenario[name] === likely[name])) continue;
      const reason = `it is taken as ${likely[name]}: a parameter that it compares has no value; set it in 'templateParameters'`;
      guessed.push({ resource: `${template}/${name}`, type: 'Condition', reason });
    }
  }
  return { outcomes, guessed };
}
