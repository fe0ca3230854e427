import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { NotesStack } from '../lib/notes-stack';

const app = new App();
// Synthesis fails if a rule is broken.
enforce(app);
new NotesStack(app, '__Stack__');
