import { queryLanguageFields } from '../../../../lib/rules/rules/state-machines/query-language-fields';
import { describeFaults } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(queryLanguageFields, stateMachines, [
  {
    mistake: 'Parameters in a JSONata state',
    change: { [inState('Each.ItemProcessor.States.Inner.Parameters')]: {} },
    message: 'uses Parameters of JSONPath in Inner, whose query language is JSONata',
  },
  {
    mistake: 'a field that takes a path where the others have an expression',
    change: { [inState('Each.ItemProcessor.States.Inner.MaxConcurrencyPath')]: '$.n' },
    message: 'uses MaxConcurrencyPath of JSONPath in Inner, whose query language is JSONata',
  },
]);
