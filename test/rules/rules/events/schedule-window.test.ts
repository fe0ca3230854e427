import { scheduleWindow } from '../../../../lib/rules/rules/events/schedule-window';
import { describeFaults, OPEN } from '../faults';
import { deliveries } from './templates';

describeFaults(scheduleWindow, deliveries, [
  {
    mistake: 'a schedule that ends before it starts',
    change: { 'Schedule.StartDate': '2030-02-01T00:00:00Z', 'Schedule.EndDate': '2030-01-01T00:00:00Z' },
    message: 'ends before it starts',
    openButFine: { 'Schedule.StartDate': OPEN, 'Schedule.EndDate': '2030-01-01T00:00:00Z' },
  },
]);
