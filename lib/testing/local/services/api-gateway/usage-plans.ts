import { header } from '../../kernel/call';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { isRecord, number, record, records, text } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { Throttle } from './throttle';

/** API keys and the usage plans that they belong to. */
export class UsagePlans {
  private readonly throttles = new Map<string, Throttle>();

  /** The keys and plans of all templates. */
  constructor(private readonly deployment: Deployment) {}

  /** Why a request with its `x-api-key` is refused; undefined when it is not. */
  refusal(request: ApiRequest): GatewayError | undefined {
    const key = this.keyOf(request);
    const plan = key && this.planOf(key, request);
    if (!key || !plan) return GATEWAY_ERRORS.invalidApiKey;
    const { RateLimit, BurstLimit } = record(plan.properties.Throttle);
    if (RateLimit === undefined && BurstLimit === undefined) return undefined;
    const throttle =
      this.throttles.get(key.ref) ?? new Throttle(number(RateLimit) ?? Infinity, number(BurstLimit) ?? 1);
    this.throttles.set(key.ref, throttle);
    return throttle.take() ? undefined : GATEWAY_ERRORS.throttled;
  }

  /** The key that a request names; one without a value in the template has its id as value. */
  private keyOf({ http }: ApiRequest): Deployed | undefined {
    const given = header(http, 'x-api-key');
    return this.deployment
      .ofType('AWS::ApiGateway::ApiKey')
      .find(({ properties, ref }) => properties.Enabled !== false && (text(properties.Value) ?? ref) === given);
  }

  private planOf(key: Deployed, { apiId, stage }: ApiRequest): Deployed | undefined {
    const plans = this.deployment
      .ofType('AWS::ApiGateway::UsagePlanKey')
      .filter(({ properties }) => properties.KeyId === key.ref)
      .map(({ properties }) => this.deployment.withRef(text(properties.UsagePlanId), 'AWS::ApiGateway::UsagePlan'))
      .filter((plan) => plan !== undefined);
    return plans.find(({ properties }) =>
      records(properties.ApiStages).some((one) => isRecord(one) && one.ApiId === apiId && one.Stage === stage),
    );
  }
}
