import { EDGE } from '../../lookups/edge-types';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

export const edgePublicBucket: Rule = {
  id: 'EdgePublicBucket',
  severity: 'error',
  title: 'An R2 bucket has no public r2.dev address',
  why: 'Anyone can read every object; the address is meant for testing, and is rate-limited.',
  fix: 'set enabled to false, and serve files through a Worker or a custom domain',
  source: 'https://developers.cloudflare.com/r2/buckets/public-buckets/',
  check: eachProperty([EDGE.managedDomain], 'enabled', booleans, (enabled) =>
    enabled ? 'shows every object to anyone' : undefined,
  ),
};
