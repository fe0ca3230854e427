import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeDurableObjectMigration } from '../../../../lib/rules/rules/edge/edge-durable-object-migration';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeDurableObjectMigration, graphWith, [
  {
    mistake: 'a class that no migration makes',
    change: { 'worker.migrations': undefined },
    message: 'binds the class ChatRoom, which no migration creates',
    open: { 'worker.migrations': UNKNOWN_TEXT },
  },
  {
    mistake: 'another class than a migration makes',
    change: { 'worker.migrations': { newTag: 'v1', steps: [{ newSqliteClasses: ['Room'] }] } },
    message: 'binds the class ChatRoom',
    open: { 'worker.migrations': { newTag: 'v1', steps: [{ newSqliteClasses: [UNKNOWN_TEXT] }] } },
  },
  {
    mistake: 'a class of a binding that no migration makes',
    change: { 'worker.bindings.2.className': 'Other' },
    message: 'binds the class Other',
    open: { 'worker.bindings.2.className': UNKNOWN_TEXT },
  },
]);
