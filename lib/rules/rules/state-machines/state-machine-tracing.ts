import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const stateMachineTracing: Rule = {
  id: 'StateMachineTracing',
  severity: 'warning',
  title: 'A state machine is traced',
  why: 'Without a trace you cannot see which of its calls was slow or failed.',
  fix: 'set TracingConfiguration.Enabled to true',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html',
  check: eachProperty(
    ['AWS::StepFunctions::StateMachine'],
    'TracingConfiguration.Enabled',
    (machine, property) => booleans(machine, property, false),
    (traced) => (traced ? undefined : 'is not traced'),
  ),
};
