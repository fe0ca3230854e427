import { at } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const lambdaTaskRetry: Rule = {
  id: 'LambdaTaskRetry',
  severity: 'warning',
  title: 'A task that calls a function has a retry',
  why: 'Lambda sometimes throttles or fails briefly: without a retry that ends the execution.',
  fix: 'add a Retry for Lambda.ServiceException, Lambda.SdkClientException and Lambda.TooManyRequestsException',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, body, call } of states) {
        if (call?.function === undefined || at(body, 'Retry') !== undefined) continue;
        yield {
          resource: machine,
          property,
          message: `does not retry ${name} when Lambda fails briefly`,
          detail: name,
        };
      }
    }
  },
};
