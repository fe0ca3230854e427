import { EDGE } from '../../lookups/edge-types';
import { booleans, each, type Rule } from '../../rule';

/** An AI Gateway requires a token. */
export const edgeAiGateway: Rule = {
  id: 'EdgeAiGateway',
  severity: 'warning',
  title: 'An AI Gateway requires a token',
  why: 'Its address holds the id of the account and its name, and no secret: whoever knows both asks models through it, with the keys that it keeps, and fills its logs.',
  fix: 'set authentication to true; bindings of Workers need no token',
  source: 'https://developers.cloudflare.com/ai-gateway/configuration/authentication/',
  check: each([EDGE.aiGateway], function* (gateway) {
    const { values, unknown } = booleans(gateway, 'authentication', false);
    yield* unknown;
    if (values.some(({ value }) => !value)) {
      yield { resource: gateway, property: 'authentication', message: 'serves everybody who knows its address' };
    }
  }),
};
