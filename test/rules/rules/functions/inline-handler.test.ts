import { inlineHandler } from '../../../../lib/rules/rules/functions/inline-handler';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { functions } from './templates';

const inline = (Handler: string, ZipFile: unknown = 'exports.handler = async () => 1;') => ({
  'Worker.Code': { ZipFile },
  'Worker.Handler': Handler,
});

describeFaults(inlineHandler, functions, [
  {
    mistake: 'another file',
    change: inline('app.handler'),
    message: 'names the file app, but inline code is in the file index',
  },
  {
    mistake: 'a function that the code does not have',
    change: inline('index.main'),
    message: 'names main, which the code does not have',
    openButFine: inline('index.main', OPEN),
  },
]);

describeAccepted(inlineHandler, functions, [
  { accepts: 'a function of the code', change: inline('index.handler') },
  { accepts: 'a runtime without inline code', change: { ...inline('bootstrap'), 'Worker.Runtime': 'provided.al2023' } },
  { accepts: 'a file of an asset', change: { 'Worker.Handler': 'app.handler' } },
]);
