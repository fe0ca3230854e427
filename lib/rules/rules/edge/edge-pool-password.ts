import { at, toText } from '../../../core/model/select';
import { Secret } from '../../../core/model/values';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule } from '../../rule';

const SECRETS = ['origin.password', 'origin.accessClientSecret'];

export const edgePoolPassword: Rule = {
  id: 'EdgePoolPassword',
  severity: 'error',
  title: 'The password of a Hyperdrive origin is a secret',
  why: 'Pulumi does not mark it as one: it appears in plain text in the state, in previews and in logs.',
  fix: 'wrap it in pulumi.secret(), or take it from config.requireSecret()',
  source: 'https://developers.cloudflare.com/hyperdrive/configuration/connect-to-postgres/',
  check: each([EDGE.pool], function* (pool) {
    for (const property of SECRETS) {
      const value = at(pool, property);
      if (value === undefined || value instanceof Secret) continue;
      if (toText(value) === undefined) {
        yield {
          resource: pool,
          property,
          reason: 'whether what it comes from is a secret is known only at deployment',
        };
        continue;
      }
      yield { resource: pool, property, message: `has its ${property.split('.')[1]} in plain text`, detail: property };
    }
  }),
};
