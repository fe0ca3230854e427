import { findAction } from './actions';
import type * as data from './request-data';

/**
 * Whether an action applies to an ARN in a policy, by the ARN's service, and for S3 by whether it is a
 * bucket or an object. True if unknown.
 * @param action `s3:GetObject`
 * @param arn as written in a policy, or `*`
 * @param isBucket whether a text is the ARN of a model's bucket, shown as a path with slashes
 */
export function canHave(action: string, arn: string, isBucket: (arn: string) => boolean = () => false): boolean {
  if (!arn.startsWith('arn:')) return true;
  const known = findAction(action);
  if (!known) return true;
  // An action without resources is allowed only on `*`; a pattern may stand for that.
  if (!known.hasResources) return /[*?]/.test(arn) || ASKED_OF_ONE.includes(known.name);
  // Hand-coded for speed: every action of every policy passes here.
  const service = arn.indexOf(':', 'arn:'.length) + 1;
  const region = service === 0 ? 0 : arn.indexOf(':', service) + 1;
  const account = region === 0 ? 0 : arn.indexOf(':', region) + 1;
  const resource = account === 0 ? 0 : arn.indexOf(':', account) + 1;
  if (resource === 0) return true;
  const named = arn.slice(service, region - 1);
  if (/[*?<${]/.test(named)) return true;
  const colon = known.name.indexOf(':');
  const prefix = known.name.slice(0, colon);
  if (named !== prefix && !foreign(prefix).some((one) => one === named || one === '*')) return false;
  if (prefix !== 's3' || named !== 's3' || account !== region + 1 || resource !== account + 1) return true;
  const name = known.name.slice(colon + 1);
  // Anything known only at deployment is shown as a path that may have slashes.
  const path = arn.slice(resource).replace(/<[^<>]*>/g, 'x');
  const bucket = isBucket(arn) || !path.includes('/');
  // `bucket*` means objects too.
  if (bucket && !/[*?]/.test(path)) return !objectActions().has(name);
  return bucket || isBucketPrefix(path) || !bucketActions().has(name);
}

/** Actions without resources in the reference, for which CDK's own grants name one. */
const ASKED_OF_ONE: readonly string[] = [
  'kafka:GetBootstrapBrokers',
  'states:SendTaskFailure',
  'states:SendTaskHeartbeat',
  'states:SendTaskSuccess',
];

/** `*` before the first slash may be part of the bucket's name. */
function isBucketPrefix(path: string): boolean {
  return path.startsWith('*');
}

function foreign(service: string): readonly string[] {
  const { FOREIGN_ARNS } = load();
  return Object.hasOwn(FOREIGN_ARNS, service) ? FOREIGN_ARNS[service]!.split(',') : [];
}

let objects: ReadonlySet<string> | undefined;
let buckets: ReadonlySet<string> | undefined;
const objectActions = () => (objects ??= new Set(load().OBJECT_ACTIONS.split(',')));
const bucketActions = () => (buckets ??= new Set(load().BUCKET_ACTIONS.split(',')));

/** Loaded on demand. */
function load(): typeof data {
  return require('./request-data') as typeof data;
}
