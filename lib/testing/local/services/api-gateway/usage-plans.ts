import { header } from '../../kernel/call';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { isRecord, type JsonRecord, number, record, records, text } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { Throttle } from './throttle';

/** API keys and the usage plans that they belong to. */
export class UsagePlans {
  private readonly throttles = new Map<string, Throttle>();
  private readonly used = new Map<string, number>();

  /** The keys and plans of all templates. */
  constructor(private readonly deployment: Deployment) {}

  /** Judges a request by its `x-api-key`: what `identity` says of the key, or why it is refused. */
  judge(request: ApiRequest): { readonly identity: JsonRecord } | { readonly error: GatewayError } {
    const key = this.keyOf(request);
    const plan = key && this.planOf(key, request);
    if (!key || !plan) return { error: GATEWAY_ERRORS.invalidApiKey };
    const error = this.overThrottle(key, plan) ?? this.overQuota(key, plan);
    return error ? { error } : { identity: { apiKey: header(request.http, 'x-api-key'), apiKeyId: key.ref } };
  }

  /** A run is shorter than any period of a quota. */
  private overQuota(key: Deployed, plan: Deployed): GatewayError | undefined {
    const limit = number(record(plan.properties.Quota).Limit);
    const used = (this.used.get(key.ref) ?? 0) + 1;
    this.used.set(key.ref, used);
    return limit !== undefined && used > limit ? GATEWAY_ERRORS.overQuota : undefined;
  }

  private overThrottle(key: Deployed, plan: Deployed): GatewayError | undefined {
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
