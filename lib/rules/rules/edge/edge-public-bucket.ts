import { EDGE } from '../../lookups/edge-types';
import { eachProperty } from '../../each-property';
import { booleans, type Rule } from '../../rule';

/** A bucket on the edge has no public development address. */
export const edgePublicBucket: Rule = {
  id: 'EdgePublicBucket',
  severity: 'error',
  title: 'An R2 bucket has no public address on r2.dev',
  why: 'Everybody can read every object; the address is meant for tests, and is slowed down.',
  fix: 'set enabled to false, and serve files by a Worker or a custom domain',
  source: 'https://developers.cloudflare.com/r2/buckets/public-buckets/',
  check: eachProperty([EDGE.managedDomain], 'enabled', booleans, (enabled) =>
    enabled ? 'shows every object to everybody' : undefined,
  ),
};
