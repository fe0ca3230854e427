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
    open: {
      ...inline('handlers.handler'),
      'Worker.Layers': ['arn:aws:lambda:eu-west-1:111122223333:layer:handlers:1'],
    },
  },
  {
    mistake: 'a function that the code does not have',
    change: inline('index.main'),
    message: 'names main, which the code does not have',
    open: inline('index.main', OPEN),
  },
  {
    mistake: 'a function that the known part of the code does not have',
    change: inline('index.main', 'exports.$main = async () => 1;'),
    message: 'names main, which the code does not have',
    open: inline('index.main', { 'Fn::Sub': 'exports.handler = async () => "${Open}";' }),
  },
  {
    mistake: 'no function at all',
    change: inline('index'),
    message: 'names no function of the code',
    open: inline('index.main', 'module.exports = require("/opt/handlers");'),
  },
]);

describeAccepted(inlineHandler, functions, [
  { accepts: 'a function of the code', change: inline('index.handler') },
  { accepts: 'a function with a sign in its name', change: inline('index.$main', 'exports.$main = async () => 1;') },
  {
    accepts: 'a function of code with parts that only the deployment knows',
    change: inline('index.main', { 'Fn::Sub': 'exports.main = async () => "${Open}";' }),
  },
  { accepts: 'a runtime without inline code', change: { ...inline('bootstrap'), 'Worker.Runtime': 'provided.al2023' } },
  { accepts: 'a file of an asset', change: { 'Worker.Handler': 'app.handler' } },
]);
