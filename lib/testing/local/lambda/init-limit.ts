import type { Deployed, Deployment } from '../kernel/deployment';
import { recordOf, text } from '../kernel/json';
import { timeoutOf } from './variables';

const ON_DEMAND_SECONDS = 10;
const AHEAD_SECONDS = 130;

/**
 * How long the code outside the handler may take, in seconds, before Lambda restarts it; where it runs ahead of
 * invocations, the function's timeout if that is longer.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export function initLimitOf(fn: Deployed, version: string, deployment: Deployment): number {
  return runsAhead(fn, version, deployment) ? Math.max(AHEAD_SECONDS, timeoutOf(fn)) : ON_DEMAND_SECONDS;
}

/** Whether a version has provisioned concurrency or SnapStart. */
function runsAhead(fn: Deployed, version: string, deployment: Deployment): boolean {
  if (version === '$LATEST') return false;
  if (recordOf(fn.properties.SnapStart).ApplyOn === 'PublishedVersions') return true;
  const own = ({ properties }: Deployed) => [fn.ref, fn.arn].includes(text(properties.FunctionName) ?? '');
  const versions = deployment
    .ofType('AWS::Lambda::Version')
    .filter((one) => own(one) && one.attribute('Version') === version);
  const aliases = deployment
    .ofType('AWS::Lambda::Alias')
    .filter((one) => own(one) && text(one.properties.FunctionVersion) === version);
  return [...versions, ...aliases].some(({ properties }) => properties.ProvisionedConcurrencyConfig !== undefined);
}
