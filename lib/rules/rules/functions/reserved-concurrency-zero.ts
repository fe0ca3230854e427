import { eachProperty } from '../../each-property';
import { numbers, type Rule } from '../../rule';

export const reservedConcurrencyZero: Rule = {
  id: 'ReservedConcurrencyZero',
  severity: 'warning',
  title: 'A function has room to run',
  why: 'With a reservation of 0 every invocation is refused: the trigger retries until it gives up on its events.',
  fix: 'reserve at least 1, or remove the property; acknowledge this for a function that is stopped on purpose',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  check: eachProperty(['AWS::Lambda::Function'], 'ReservedConcurrentExecutions', numbers, (reserved) =>
    reserved === 0 ? 'never runs: its reservation is 0' : undefined,
  ),
};
