import path from 'node:path';
import { type Model, whole } from '../../../core/model/model';
import { read } from '../../../core/model/read';
import { readAssembly } from '../../../core/model/read-assembly';
import type { LocalRunOptions } from '../options';
import { assemblyDirectory, isTemplate, type RunSource } from './assembly';
import { ACCOUNT, PARTITION, REGION } from './run-names';
import type { Unsupported } from './unsupported';

/**
 * Reads what is to be run, with the values of its parameters and the results of its conditions.
 * @throws LocalRunError, ReadError as `runLocally`
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
  if (isTemplate(source)) {
    return { directory: path.dirname(path.resolve(source)), model: whole(read(source, { decisions })) };
  }
  const directory = assemblyDirectory(source);
  return { directory, model: whole(readAssembly(directory, decisions)) };
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
