import { header } from '../../kernel/call';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { isRecord, type JsonObject, number, recordOf, records, text } from '../../kernel/json';
import type { ApiRequest } from './api-request';
import { GATEWAY_ERRORS, type GatewayError } from './gateway-responses';
import { Throttle } from './throttle';

const plans = new WeakMap<Deployment, UsagePlans>();

/** API keys and their usage plans; a key's usage counts across all APIs of its plan. */
export class UsagePlans {
  /** The keys and plans of all templates, one instance per run. */
  static of(deployment: Deployment): UsagePlans {
    const known = plans.get(deployment) ?? new UsagePlans(deployment);
    plans.set(deployment, known);
    return known;
  }

  private readonly throttles = new Map<string, Throttle>();
  private readonly used = new Map<string, number>();

  private constructor(private readonly deployment: Deployment) {}

  /** Judges a request by its `x-api-key`: the `identity` fields for the key, or why it is refused. */
  judge(request: ApiRequest): { readonly identity: JsonObject } | { readonly error: GatewayError } {
    const key = this.keyOf(request);
    const plan = key && this.planOf(key, request);
    if (!key || !plan) return { error: GATEWAY_ERRORS.invalidApiKey };
    const error = this.overThrottle(key, plan) ?? this.overQuota(key, plan);
    return error ? { error } : { identity: { apiKey: header(request.http, 'x-api-key'), apiKeyId: key } };
  }

  /** The unsupported parts of an API's plans. */
  notKept(apiId: string): readonly string[] {
    return this.deployment
      .ofType('AWS::ApiGateway::UsagePlan')
      .filter(({ properties }) =>
        records(properties.ApiStages).some(
          (one) => one.ApiId === apiId && Object.keys(recordOf(one.Throttle)).length > 0,
        ),
      )
      .map(({ displayName }) => `throttles of single methods of the usage plan '${displayName}' are not kept`);
  }

  /** A run is shorter than any quota period. */
  private overQuota(key: string, plan: Deployed): GatewayError | undefined {
    const limit = number(recordOf(plan.properties.Quota).Limit);
    const id = `${plan.ref} ${key}`;
    const used = (this.used.get(id) ?? 0) + 1;
    this.used.set(id, used);
    return limit !== undefined && used > limit ? GATEWAY_ERRORS.overQuota : undefined;
  }

  private overThrottle(key: string, plan: Deployed): GatewayError | undefined {
    const { RateLimit, BurstLimit } = recordOf(plan.properties.Throttle);
    if (RateLimit === undefined && BurstLimit === undefined) return undefined;
    const id = `${plan.ref} ${key}`;
    const throttle = this.throttles.get(id) ?? new Throttle(number(RateLimit) ?? Infinity, number(BurstLimit) ?? 1);
    this.throttles.set(id, throttle);
    return throttle.take() ? undefined : GATEWAY_ERRORS.throttled;
  }

  /**
   * The id of the key that a request names. Without a value in the template, its name or id is its value here; a key of
   * another stack has its id.
   */
  private keyOf({ http }: ApiRequest): string | undefined {
    const given = header(http, 'x-api-key');
    const made = this.deployment.ofType('AWS::ApiGateway::ApiKey');
    const own = made.find(({ properties, ref, name }) => {
      const value = text(properties.Value);
      return value === undefined ? given === ref || given === name : given === value;
    });
    if (own) return own.properties.Enabled === false ? undefined : own.ref;
    return made.some(({ ref }) => ref === given) ? undefined : given;
  }

  private planOf(key: string, { apiId, stage }: ApiRequest): Deployed | undefined {
    const plans = this.deployment
      .ofType('AWS::ApiGateway::UsagePlanKey')
      .filter(({ properties }) => properties.KeyId === key)
      .map(({ properties }) => this.deployment.withRef(text(properties.UsagePlanId), 'AWS::ApiGateway::UsagePlan'))
      .filter((plan) => plan !== undefined);
    return plans.find(({ properties }) =>
      records(properties.ApiStages).some((one) => isRecord(one) && one.ApiId === apiId && one.Stage === stage),
    );
  }
}
