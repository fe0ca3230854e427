import { detailOf } from '../core/event-pattern/choice';
import type { EdgeChoice } from './hub-args';

/** As in an EventBridge rule: every event has a source, so any source matches every event. */
export function patternOf(choice: EdgeChoice): object {
  const { source, types, everything } = choice;
  const detail = detailOf(choice);
  return {
    ...(source !== undefined && { source: [source].flat() }),
    ...(types !== undefined && { 'detail-type': types }),
    detail,
    ...(everything === true && { source: [{ prefix: '' }] }),
  };
}
