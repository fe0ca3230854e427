import type { Check } from '../core/check/check';
import { oneOf } from '../core/check/kinds';

/** A location hint, which the platform follows if it can. @see https://developers.cloudflare.com/d1/configuration/data-location/ */
export type EdgeLocation = 'wnam' | 'enam' | 'weur' | 'eeur' | 'apac' | 'oc';

/** Where data must stay: the European Union, FedRAMP data centers, the United States. */
export type EdgeJurisdiction = 'eu' | 'fedramp' | 'us';

/** Where data is stored. */
export interface PlaceArgs {
  /**
   * Location hint, which the platform follows if it can; fixed on creation.
   * @default - near whoever creates it
   */
  readonly location?: EdgeLocation;
  /**
   * Where data must be stored and processed: a guarantee, instead of `location`. Fixed on creation: changing it requires another
   * resource, which protection refuses. Workers can reach it from anywhere.
   * @default - anywhere
   */
  readonly jurisdiction?: EdgeJurisdiction;
}

/** A location hint. */
export const LOCATION = oneOf('wnam', 'enam', 'weur', 'eeur', 'apac', 'oc');

/** A jurisdiction that data must not leave. */
export const JURISDICTION = oneOf('eu', 'fedramp', 'us');

/** Checks of where data is stored. */
export function placeChecks({ location, jurisdiction }: PlaceArgs): Check[] {
  return [
    {
      prop: 'location',
      value: location,
      reads: [jurisdiction],
      valid: () => location === undefined || jurisdiction === undefined,
      rule: `must not be given with 'jurisdiction', which is '${jurisdiction}': the platform ignores the hint`,
      remedy: 'leave one of them out',
    },
  ];
}
