import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { detailOf } from '../../core/event-pattern/choice';
import type { SubscribeProps } from './subscribe-props';

/** The pattern of a subscription. */
export function patternOf(
  props: Partial<SubscribeProps>,
): EventPattern & { readonly 'replay-name'?: readonly object[] } {
  const { source, types, everything, replays } = props;
  const detail = detailOf(props);
  return {
    ...(source !== undefined && { source: [source].flat() }),
    ...(types !== undefined && { detailType: [...types] }),
    detail,
    // A rule needs a pattern, and every event has a source.
    ...(everything === true && { source: Match.prefix('') }),
    // As the archive's own rule does, so as not to archive replays again.
    ...(replays === 'skip' && { 'replay-name': [{ exists: false }] }),
  };
}
