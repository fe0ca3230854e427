import type { Check } from '../../core/check/check';
import type { GatewayGeo } from '../gateway-args';
import { address } from './address';

const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/** Checks of rules by client location. */
export function geoChecks({ block = [], allow, origins = {} }: GatewayGeo): Check[] {
  const countries = [
    ...block.map((code) => ['geo.block', code] as const),
    ...(allow ?? []).map((code) => ['geo.allow', code] as const),
  ];
  return [
    ...countries.map(([prop, code]) => ({
      prop,
      value: code,
      valid: () => /^([A-Z]{2}|T1)$/.test(code),
      rule: 'must be ISO 3166 country codes of two upper-case letters',
      remedy: "write 'CH', for instance",
    })),
    {
      prop: 'geo.allow',
      value: allow,
      valid: () => allow === undefined || block.length === 0,
      rule: "must not be combined with 'geo.block'",
      remedy: 'keep one: everyone not allowed is blocked anyway',
    },
    ...Object.entries(origins).flatMap(([place, origin]) => [
      {
        prop: `geo.origins.${place}`,
        value: place,
        valid: () => /^[A-Z]{2}$/.test(place),
        rule: `must be for a country or one of ${CONTINENTS.join(', ')}`,
        remedy: "write 'EU', for instance, for Europe",
      },
      address(`geo.origins.${place}`, origin),
    ]),
  ];
}
