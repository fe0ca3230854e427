import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeDurableObjectMigration } from '../../../../lib/rules/rules/edge/edge-durable-object-migration';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeDurableObjectMigration, graphWith, [
  {
    mistake: 'a class that no migration makes',
    change: { 'worker.migrations': undefined },
    message: 'binds the class ChatRoom, which no migration makes',
    open: { 'worker.migrations': UNKNOWN_TEXT },
  },
]);
