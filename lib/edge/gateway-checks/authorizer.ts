import type { Check } from '../../core/check/check';
import type { GatewayAuthorizer } from '../gateway-args';
import { address } from './address';

/** Checks of an authorizer. */
export function authorizerChecks(authorizer: GatewayAuthorizer): Check[] {
  const { issuer, audience, jwksUri, cookie, subprotocol, scopes = {}, algorithms } = authorizer;
  return [
    address('authorizer.issuer', issuer),
    ...(jwksUri === undefined ? [] : [address('authorizer.jwksUri', jwksUri)]),
    ...[['authorizer.cookie', cookie] as const, ['authorizer.subprotocol', subprotocol] as const].map(
      ([prop, value]) => ({
        prop,
        value,
        valid: () => value === undefined || /^[\w.-]+$/.test(value),
        rule: 'must be a name of letters, digits, dots, dashes and underscores',
        remedy: "write 'session', for instance",
      }),
    ),
    {
      prop: 'authorizer.algorithms',
      value: algorithms,
      valid: () => algorithms === undefined || algorithms.length > 0,
      rule: 'must name at least one algorithm',
      remedy: 'leave it out for all safe ones',
    },
    ...Object.entries(scopes).map(([path, needed]) => ({
      prop: `authorizer.scopes.${path}`,
      value: needed,
      valid: () => needed.length > 0,
      rule: 'must hold at least one scope',
      remedy: "write ['orders:write'], for instance",
    })),
    {
      prop: 'authorizer.audience',
      value: audience,
      valid: () => Array.isArray(audience) && audience.length > 0 && audience.every((each) => each !== ''),
      rule: 'must name at least one audience',
      remedy: "write ['shop'], for instance; without one, tokens for other services would be accepted",
    },
  ];
}
