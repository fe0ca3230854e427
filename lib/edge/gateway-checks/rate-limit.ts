import type { Check } from '../../core/check/check';
import { cloudflare as facts } from '../../core/facts';
import type { EdgeGatewayArgs } from '../gateway-args';

/** Checks of a rate limit. */
export function rateLimitChecks({ rateLimit }: EdgeGatewayArgs): Check[] {
  return [
    {
      prop: 'rateLimit.limit',
      value: rateLimit?.limit,
      valid: () => rateLimit === undefined || (Number.isInteger(rateLimit.limit) && rateLimit.limit >= 1),
      rule: 'must be a whole number of requests, at least 1',
      remedy: 'leave the rate limit out for none',
    },
    {
      prop: 'rateLimit.perAddress',
      value: rateLimit?.perAddress,
      reads: [rateLimit?.limit],
      valid: () =>
        rateLimit?.perAddress === undefined ||
        (Number.isInteger(rateLimit.perAddress) && rateLimit.perAddress >= rateLimit.limit),
      rule: "must be a whole number of requests, at least 'rateLimit.limit'",
      remedy: 'many clients may share an address; leave it out to count clients only',
    },
    {
      prop: 'rateLimit.period',
      value: rateLimit?.period,
      valid: () => facts.rateLimitPeriods.value.includes(rateLimit?.period ?? facts.rateLimitDefaultPeriod.value),
      rule: `must be ${facts.rateLimitPeriods.value.join(' or ')} seconds`,
      remedy: 'set one of these, or leave it out for 60',
    },
  ];
}
