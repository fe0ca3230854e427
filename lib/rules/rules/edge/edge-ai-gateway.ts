import { EDGE } from '../../lookups/edge-types';
import { booleans, each, type Rule } from '../../rule';

export const edgeAiGateway: Rule = {
  id: 'EdgeAiGateway',
  severity: 'warning',
  title: 'An AI Gateway requires a token',
  why: 'Its URL holds the account id and the gateway’s name, but no secret: anyone who knows both can call models with its stored keys, and fill its logs.',
  fix: 'set authentication to true; bindings of Workers need no token',
  source: 'https://developers.cloudflare.com/ai-gateway/configuration/authentication/',
  check: each([EDGE.aiGateway], function* (gateway) {
    const { values, unknown } = booleans(gateway, 'authentication', false);
    yield* unknown;
    if (values.some(({ value }) => !value)) {
      yield { resource: gateway, property: 'authentication', message: 'serves anyone who knows its URL' };
    }
  }),
};
