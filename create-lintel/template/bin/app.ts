import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { NotesStack } from '../lib/notes-stack';

const app = new App();
// What breaks a rule does not synthesize.
enforce(app);
new NotesStack(app, '__Stack__');
