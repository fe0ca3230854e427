import { elsewhere, otherRegion, type Place } from './place';

/**
 * The variables by which a function finds a resource that may be elsewhere.
 * @param place of the function
 * @param target place of the resource
 * @param value how a client in another account or region refers to it
 */
export function found(place: Place, target: Place, value: () => string): Readonly<Record<string, string>> {
  return {
    ...(elsewhere(place, target) && { '': value() }),
    ...(otherRegion(place, target) && { REGION: target.region }),
  };
}
