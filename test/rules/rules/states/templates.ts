import { arn } from '../faults';
import { allow, goodFunction, goodQueue, goodRole } from '../parts';
import { machine, RETRY } from '../state-machines/templates';

const failed = { Output: '{% $states.errorOutput %}', Next: 'Release' };

/** Catches everything, and hands the error on. */
export const CATCH = [
  { ErrorEquals: ['States.DataLimitExceeded'], ...failed },
  { ErrorEquals: ['States.ALL'], ...failed },
];

const call = (fn: string, rest: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: arn(fn), Payload: '{% $order %}' },
  Retry: RETRY,
  ...rest,
});

/** A machine without a mistake: two steps that are undone, a map and a branch, with variables. */
export const states = {
  Begin: { Type: 'Pass', Assign: { order: '{% $states.input.order %}' }, Next: 'Reserve' },
  Reserve: call('Pay', {
    Assign: { reserved: '{% $states.result.Payload.id %}' },
    TimeoutSeconds: 60,
    Catch: CATCH,
    Next: 'Charge',
  }),
  Charge: call('Pay', { TimeoutSeconds: 60, Catch: CATCH, Next: 'Lines' }),
  Lines: {
    Type: 'Map',
    Items: '{% $order.lines %}',
    MaxConcurrency: 5,
    ItemProcessor: {
      StartAt: 'Line',
      States: { Line: call('Pay', { Assign: { line: '{% $states.result.Payload %}' }, End: true }) },
    },
    Catch: CATCH,
    Next: 'Done',
  },
  Done: { Type: 'Succeed', Output: '{% $reserved %}' },
  Release: call('Pay', { Next: 'Failed' }),
  Failed: { Type: 'Fail' },
};

export const order = {
  ...goodFunction('Pay'),
  ...goodQueue('Questions'),
  Machine: machine({ QueryLanguage: 'JSONata', StartAt: 'Begin', States: states }),
  MachineRole: goodRole('states.amazonaws.com', [
    allow('lambda:InvokeFunction', arn('Pay')),
    allow('sqs:SendMessage', arn('Questions')),
  ]),
};

/** A property of a state. */
export const inState = (path: string): string => `Machine.Definition.States.${path}`;

/** A definition that is in a file which is not there. */
export const ELSEWHERE = { 'Machine.Definition': undefined, 'Machine.DefinitionS3Location': { Bucket: 'b', Key: 'k' } };

/** The path of the task inside the map. */
export const LINE = 'Lines.ItemProcessor.States.Line';
