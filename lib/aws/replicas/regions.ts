import { RegionInfo } from 'aws-cdk-lib/region-info';
import { nearest } from '../../core/nearest';

const SHAPE = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/** Whether text may be a region: also a new one in a place that CDK knows, or one in a place unlike any other. */
export function mayBeRegion(name: string): boolean {
  if (!SHAPE.test(name)) return false;
  return regions().some((region) => placeOf(region) === placeOf(name)) || regionMeant(name) === undefined;
}

/** The region that was probably meant. */
export function regionMeant(name: string): string | undefined {
  return nearest(name, regions());
}

const regions = (): readonly string[] => RegionInfo.regions.map((region) => region.name);

/** The partition of a region; for one unknown to CDK, by its prefix. */
export function partitionOf(region: string): string {
  const known = RegionInfo.get(region).partition;
  if (known !== undefined) return known;
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** `eu-central` of `eu-central-1`. */
const placeOf = (region: string): string => region.replace(/-\d+$/, '');
