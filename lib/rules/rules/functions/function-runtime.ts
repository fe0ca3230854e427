import { lambdaRuntimes } from '../../../core/facts';
import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

const { value: ends, read, source } = lambdaRuntimes.runtimeEnd;

/**
 * A function runs on a runtime that is still supported. Judged as of the day the dates were collected, so that reports
 * do not change overnight.
 */
export const functionRuntime: Rule = {
  id: 'FunctionRuntime',
  severity: 'error',
  title: 'A function runs on a supported runtime',
  why: 'After the end of support there are no security patches, and later Lambda rejects new functions and updates.',
  fix: 'move to a supported runtime, such as nodejs24.x or python3.14',
  source,
  check: eachProperty(['AWS::Lambda::Function'], 'Runtime', texts, (runtime) => {
    const end = ends[runtime];
    return end !== undefined && end <= read ? `runs on ${runtime}, whose support ended on ${end}` : undefined;
  }),
};
