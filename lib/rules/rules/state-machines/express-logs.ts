import { at, toText } from '../../../core/model/select';
import { each, openAmong, type Rule } from '../../rule';

export const expressLogs: Rule = {
  id: 'ExpressLogs',
  severity: 'warning',
  title: 'An Express state machine logs its executions',
  why: 'Express keeps no history: without logs you cannot see why an execution failed, or that it did.',
  fix: 'set LoggingConfiguration with a level of ERROR or ALL and a log group',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  check: each(['AWS::StepFunctions::StateMachine'], function* (machine) {
    const open = openAmong(machine, 'StateMachineType');
    if (open) {
      yield open;
      return;
    }
    if (toText(at(machine, 'StateMachineType')) !== 'EXPRESS') return;
    const level = at(machine, 'LoggingConfiguration.Level');
    if (level !== undefined && level !== 'OFF') return;
    yield { resource: machine, property: 'LoggingConfiguration', message: 'keeps no record of its executions' };
  }),
};
