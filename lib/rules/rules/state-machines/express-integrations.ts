import { at, toText } from '../../../core/model/select';
import { type State, machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const expressIntegrations: Rule = {
  id: 'ExpressIntegrations',
  severity: 'error',
  title: 'An Express state machine waits for no job, task token, activity or distributed map',
  why: 'Express supports only request-response calls: Step Functions rejects the deployment.',
  fix: 'make it a Standard state machine, or call without .sync and .waitForTaskToken',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  *check({ model }) {
    for (const { machine, express, states } of machines(model)) {
      for (const state of express ? states : []) {
        const waits = waitsFor(state);
        if (!waits) continue;
        const { property, name } = state;
        yield { resource: machine, property, message: `is Express, but ${name} waits for ${waits}`, detail: name };
      }
    }
  },
};

function waitsFor({ call, body }: State): string | undefined {
  if (call?.pattern === 'token') return 'a task token';
  if (call?.pattern === 'job') return 'a job';
  if (call?.activity) return 'an activity';
  return toText(at(body, 'ItemProcessor.ProcessorConfig.Mode')) === 'DISTRIBUTED' ? 'a distributed map' : undefined;
}
