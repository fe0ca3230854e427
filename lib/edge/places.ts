import type { Check } from '../core/check/check';
import { oneOf } from '../core/check/kinds';

/** Where something is, by a hint that the platform follows when it can. @see https://developers.cloudflare.com/d1/configuration/data-location/ */
export type EdgeLocation = 'wnam' | 'enam' | 'weur' | 'eeur' | 'apac' | 'oc';

/** Where data must stay: the European Union, FedRAMP's data centers, the United States. */
export type EdgeJurisdiction = 'eu' | 'fedramp' | 'us';

/** What says where data is. */
export interface PlaceArgs {
  /**
   * Where it is, by a hint that the platform follows when it can; decided once, when it is created.
   * @default - near whoever creates it
   */
  readonly location?: EdgeLocation;
  /**
   * Where the data must stay, and is worked on: a guarantee, in place of `location`. It is decided once: another one needs another
   * resource, which the protection refuses. Workers reach it from everywhere.
   * @default - anywhere
   */
  readonly jurisdiction?: EdgeJurisdiction;
}

/** A place for data. */
export const LOCATION = oneOf('wnam', 'enam', 'weur', 'eeur', 'apac', 'oc');

/** A place that data must not leave. */
export const JURISDICTION = oneOf('eu', 'fedramp', 'us');

/** The rows for where data is. */
export function placeChecks({ location, jurisdiction }: PlaceArgs): Check[] {
  return [
    {
      prop: 'location',
      value: location,
      reads: [jurisdiction],
      valid: () => location === undefined || jurisdiction === undefined,
      rule: `must not be given beside 'jurisdiction', which is '${jurisdiction}': the platform ignores the hint`,
      remedy: 'leave one of them out',
    },
  ];
}
