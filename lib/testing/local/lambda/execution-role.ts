import type { Deployed, Deployment } from '../kernel/deployment';
import { text } from '../kernel/json';
import type { Policies } from '../kernel/policies';
import { isRefused } from '../kernel/trust';
import { refusedSettings } from './settings';

const SERVICE = 'lambda.amazonaws.com';

/**
 * Why Lambda would refuse to create a function: invalid settings, or a role that it cannot assume. Nothing is known
 * about a role outside the templates.
 */
export function whyNotCreated(fn: Deployed, deployment: Deployment, policies: Policies): string | undefined {
  const settings = refusedSettings(fn);
  if (settings !== undefined) return settings;
  const role = deployment.withArn(text(fn.properties.Role) ?? '', 'AWS::IAM::Role');
  const trust = role && policies.ofResource(role.arn);
  if (!trust || !isRefused(role.arn, trust, { service: SERVICE, acting: fn })) return undefined;
  return `its role '${role.displayName}' does not trust ${SERVICE}: on AWS it is not created`;
}
