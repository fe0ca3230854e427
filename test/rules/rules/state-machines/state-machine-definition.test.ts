import { stateMachineDefinition } from '../../../../lib/rules/rules/state-machines/state-machine-definition';
import { changed, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(stateMachineDefinition, stateMachines, [
  {
    mistake: 'a next state that is not there',
    change: { [inState('Pay.Next')]: 'Asked' },
    message: "leads to 'Asked', a state that it does not have",
    open: { 'Machine.Definition': undefined, 'Machine.DefinitionS3Location': { Bucket: 'b', Key: 'k' } },
  },
  {
    mistake: 'a definition that is not JSON',
    change: { 'Machine.Definition': undefined, 'Machine.DefinitionString': '{"StartAt": ' },
    message: 'has a definition that is not JSON',
    open: { 'Machine.Definition': undefined, 'Machine.DefinitionString': OPEN },
  },
  {
    mistake: 'a state that nothing follows',
    change: { [inState('Each.ItemProcessor.States.Inner')]: { Type: 'Pass' } },
    message: 'does not say what follows Inner',
  },
]);

test('no rule falls over a definition that is nested without end', () => {
  const result = `${'['.repeat(50_000)}"]"${']'.repeat(50_000)}`;
  const DefinitionString = `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":${result},"End":true}}}`;
  const machine = { 'Machine.Definition': undefined, 'Machine.DefinitionString': DefinitionString };
  const { failures, unknown } = judgeAll(modelOf(changed(stateMachines, machine)));
  expect(failures).toEqual([]);
  expect(unknown).toContainEqual(expect.stringContaining('its definition is nested in more than 200 levels'));
});
