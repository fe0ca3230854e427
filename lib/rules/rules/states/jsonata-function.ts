import { ADDED_FUNCTIONS, JSONATA_FUNCTIONS, JSONATA_VERSION } from '../../../core/asl/jsonata';
import { at, eachExpression } from '../../lookups/flows';
import type { Rule } from '../../rule';

const KNOWN = new Set([...JSONATA_FUNCTIONS, ...ADDED_FUNCTIONS]);

export const jsonataFunction: Rule = {
  id: 'JsonataFunction',
  severity: 'error',
  title: `A JSONata expression in a state machine uses functions and operators of version ${JSONATA_VERSION} and of Step Functions`,
  why: 'There is no $eval, and no feature that JSONata added since: the state fails with States.QueryEvaluationError.',
  fix: 'use the functions that exist; $parse reads JSON',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  check: eachExpression(function* ({ state, expression, reading }, machine) {
    const unknown = reading.functions.find(({ name }) => !KNOWN.has(name));
    const found = unknown ? `$${unknown.name}` : reading.newer[0]?.name;
    if (found === undefined) return;
    yield at(machine, expression.place, `uses ${found} in ${state.name}, which Step Functions does not have`);
  }),
};
