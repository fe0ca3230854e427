import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

export const functionTracing: Rule = {
  id: 'FunctionTracing',
  severity: 'warning',
  title: 'A function is traced',
  why: 'Without a trace you cannot see which of the calls behind a request was slow or failed.',
  fix: 'set TracingConfig.Mode to Active',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  check: eachProperty(
    ['AWS::Lambda::Function'],
    'TracingConfig.Mode',
    (fn, property) => texts(fn, property, 'PassThrough'),
    (mode) => (mode === 'Active' ? undefined : 'is not traced'),
  ),
};
