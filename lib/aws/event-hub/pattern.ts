import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import type { SubscribeProps } from './subscribe-props';

/** The pattern of a subscription. */
export function patternOf({
  source,
  types,
  detail,
  everything,
  replays,
}: Partial<SubscribeProps>): EventPattern & { readonly 'replay-name'?: readonly object[] } {
  return {
    ...(source !== undefined && { source: [source].flat() }),
    ...(types !== undefined && { detailType: [...types] }),
    ...(detail !== undefined && { detail }),
    // A rule needs a pattern, and every event has a source.
    ...(everything === true && { source: Match.prefix('') }),
    // As the archive itself does, which keeps no event twice.
    ...(replays === 'skip' && { 'replay-name': [{ exists: false }] }),
  };
}
