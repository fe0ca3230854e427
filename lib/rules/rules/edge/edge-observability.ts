import { EDGE } from '../../lookups/edge-types';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const edgeObservability: Rule = {
  id: 'EdgeObservability',
  severity: 'warning',
  title: 'A Worker keeps its logs',
  why: 'Without observability, logs and errors are gone the moment they are written.',
  fix: 'set observability.enabled to true',
  source: 'https://developers.cloudflare.com/workers/observability/logs/workers-logs/',
  check: eachProperty(
    EDGE.worker,
    'observability.enabled',
    (worker, property) => booleans(worker, property, false),
    (enabled) => (enabled ? undefined : 'keeps no logs'),
  ),
};
