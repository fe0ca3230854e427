import type { Check } from '../../core/check/check';
import { record, text } from '../../core/check/kinds';
import { stageVariableName, stageVariablesPerStage, stageVariableValue } from '../../core/facts/api-gateway';

/** Variables of a stage. */
export const STAGE_VARIABLES = record(text('orders'), "{ tenant: 'orders' }");

/** What must hold for the variables of a stage, as rows of the validation table. */
export function stageVariableChecks(variables: Readonly<Record<string, string>>): Check[] {
  const { value: most } = stageVariablesPerStage;
  const { value: longestName } = stageVariableName;
  const { value: longest } = stageVariableValue;
  const names = Object.keys(variables);
  return [
    {
      prop: 'stageVariables',
      value: names.length,
      valid: () => names.length <= most,
      rule: `must hold at most ${most} variables`,
      remedy: 'leave out some, or keep them in a parameter that the functions read',
    },
    ...names.flatMap((name): Check[] => [
      {
        prop: `stageVariables.${name}`,
        value: name,
        valid: () => /^\w+$/.test(name) && name.length <= longestName,
        rule: `must have a name of at most ${longestName} letters, digits and underscores`,
        remedy: 'rename it',
      },
      {
        prop: `stageVariables.${name}`,
        value: variables[name],
        valid: () => /^[\w.~:/?#&=,-]+$/.test(variables[name]!) && variables[name]!.length <= longest,
        rule: `must be 1 to ${longest} characters that may stand in a URL`,
        remedy: 'keep other values in the environment of the functions',
      },
    ]),
  ];
}
