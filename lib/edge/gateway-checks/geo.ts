import type { Check } from '../../core/check/check';
import type { GatewayGeo } from '../gateway-args';
import { address } from './address';

const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/** What is decided by where a client is may hold. */
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
      rule: 'must hold ISO 3166 country codes of two capitals',
      remedy: "write for instance 'CH'",
    })),
    {
      prop: 'geo.allow',
      value: allow,
      valid: () => allow === undefined || block.length === 0,
      rule: "must not stand beside 'geo.block'",
      remedy: 'keep one: whoever is not allowed is blocked already',
    },
    ...Object.entries(origins).flatMap(([place, origin]) => [
      {
        prop: `geo.origins.${place}`,
        value: place,
        valid: () => /^[A-Z]{2}$/.test(place),
        rule: `must be for a country or one of ${CONTINENTS.join(', ')}`,
        remedy: "write for instance 'EU' for Europe",
      },
      address(`geo.origins.${place}`, origin),
    ]),
  ];
}
