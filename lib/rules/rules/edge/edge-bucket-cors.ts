import { at, isUnknown, items, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

/** Methods that change a bucket's content. */
const WRITES = ['PUT', 'POST', 'DELETE'];

export const edgeBucketCors: Rule = {
  id: 'EdgeBucketCors',
  severity: 'warning',
  title: 'The CORS rules of an R2 bucket allow writes from named origins only',
  why: 'With * a script on any site can use a URL that was signed for a visitor to write or delete.',
  fix: 'name the origins that write, and keep * to GET and HEAD',
  source: 'https://developers.cloudflare.com/r2/buckets/cors/',
  check: each([EDGE.bucketCors], function* (bucket) {
    for (const [index, rule] of items(at(bucket, 'rules')).entries()) {
      const property = `rules.${index}.allowed.origins`;
      const [origins, methods] = ['origins', 'methods'].map((name) => items(at(rule, `allowed.${name}`)));
      const open = [rule, ...origins!, ...methods!].find(isUnknown);
      if (open !== undefined) {
        yield undecided(bucket, property, open);
        continue;
      }
      const writes = methods!.flatMap((method) => toText(method) ?? []).filter((method) => WRITES.includes(method));
      if (writes.length === 0 || !origins!.some((origin) => toText(origin) === '*')) continue;
      const message = `lets scripts on any site use ${writes.join(', ')}`;
      yield { resource: bucket, property, message, detail: `rules.${index}` };
    }
  }),
};
