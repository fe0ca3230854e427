import { jsonataFunction } from '../../../../lib/rules/rules/states/jsonata-function';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(jsonataFunction, order, [
  {
    mistake: '$eval',
    change: { [inState('Done.Output')]: '{% $eval($order.rule) %}' },
    message: 'uses $eval in Done',
    open: ELSEWHERE,
  },
  {
    mistake: 'an operator that came later',
    change: { [inState('Done.Output')]: '{% $order.name ?? "none" %}' },
    message: 'uses ?? in Done',
    openButFine: { [inState('Done.Output')]: OPEN },
  },
]);

describeAccepted(jsonataFunction, order, [
  {
    accepts: 'functions of Step Functions and its own',
    change: { [inState('Done.Output')]: '{% ($double := function($n) { $n * 2 }; $map($range(1, 5, 1), $double)) %}' },
  },
]);
