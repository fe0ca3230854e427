import type { Check } from '../../core/check/check';
import type { EdgeGatewayArgs } from '../gateway-args';
import { address } from './address';
import { authorizerChecks } from './authorizer';
import { corsChecks } from './cors';
import { experimentChecks } from './experiments';
import { geoChecks } from './geo';
import { loopChecks } from './loops';
import { pathChecks } from './paths';
import { rateLimitChecks } from './rate-limit';

/** Checks of an `EdgeGateway`'s arguments. */
export function gatewayChecks(args: EdgeGatewayArgs): Check[] {
  const { authorizer, cors, geo = {} } = args;
  return [
    originCheck(args),
    ...(authorizer === 'none' ? [] : authorizerChecks(authorizer)),
    ...corsChecks(cors),
    ...pathChecks(args),
    ...loopChecks(args),
    ...experimentChecks(args),
    ...geoChecks(geo),
    ...rateLimitChecks(args),
    ...headerChecks(args),
  ];
}

/** A header that is set and removed says both. */
function headerChecks({ headers: { set = {}, remove = [] } = {} }: EdgeGatewayArgs): Check[] {
  const names = Object.keys(set).map((name) => name.toLowerCase());
  return remove.map((name) => ({
    prop: 'headers.remove',
    value: name,
    valid: () => !names.includes(name.toLowerCase()),
    rule: "must not hold a header that 'headers.set' sets",
    remedy: 'remove it from one of the two',
  }));
}

function originCheck({ origin }: EdgeGatewayArgs): Check {
  if (typeof origin !== 'object' || !('binding' in origin)) return address('origin', origin);
  return {
    prop: 'origin',
    value: origin.binding.type,
    valid: () => origin.binding.type === 'service',
    rule: 'must be a URL or a Worker',
    remedy: "pass 'api.call()' of an EdgeApi",
  };
}
