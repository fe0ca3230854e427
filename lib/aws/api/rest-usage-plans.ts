import { ApiKey, type IApiKey, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { ThrottleProps } from './throttle';
import type { UsagePlans } from './usage-plans';

const PERIODS = { day: Period.DAY, week: Period.WEEK, month: Period.MONTH };

/**
 * Creates the usage plans of an API, with their new keys.
 * @returns the keys by name; an existing key is listed under its construct id
 */
export function addUsagePlans(scope: Construct, api: RestApi, plans: UsagePlans): Record<string, IApiKey> {
  const place = new Construct(scope, 'Usage');
  const made = Object.entries(plans).map(([name, { keys, throttle, quota }]) => {
    const plan = new UsagePlan(place, `Plan ${name}`, {
      description: `${name} of ${scope.node.path}`,
      apiStages: [{ api, stage: api.deploymentStage }],
      throttle: throttle && limits(throttle),
      quota: quota && { limit: quota.limit, period: PERIODS[quota.period] },
    });
    return keys.map((given) => {
      const key =
        typeof given === 'string'
          ? new ApiKey(place, `Key ${given}`, { description: `${given} of ${scope.node.path}` })
          : given;
      plan.addApiKey(key);
      return [typeof given === 'string' ? given : given.node.id, key] as const;
    });
  });
  return Object.fromEntries(made.flat());
}

function limits({ rate, burst }: ThrottleProps): { readonly rateLimit: number; readonly burstLimit: number } {
  return { rateLimit: rate, burstLimit: burst };
}
