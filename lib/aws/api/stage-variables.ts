import type { Check } from '../../core/check/check';
import { record, text } from '../../core/check/kinds';
import { stageVariableName, stageVariablesPerStage, stageVariableValue } from '../../core/facts/api-gateway';

/** Variables of a stage. */
export const STAGE_VARIABLES = record(text('orders'), "{ tenant: 'orders' }");

/** Checks of stage variables. */
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
      rule: `must have at most ${most} variables`,
      remedy: 'remove some, or keep them in a parameter that the functions read',
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
        rule: `must be 1 to ${longest} characters allowed in a URL`,
        remedy: "keep other values in the functions' environment",
      },
    ]),
  ];
}
