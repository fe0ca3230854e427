import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, number, recordOf, records, text } from '../../kernel/json';
import type { ApiStage } from './api-request';
import type { RestCall } from './rest-call';
import { Throttle } from './throttle';

/** The stages of one REST API: their variables, and each method's throttle from its most specific method setting. */
export class RestStages {
  readonly all: readonly ApiStage[];
  private readonly settings: ReadonlyMap<string, readonly JsonObject[]>;
  private readonly throttles = new Map<string, Throttle | undefined>();

  /** @param stages the stages of the API */
  constructor(stages: readonly Deployed[]) {
    this.all = stages.map(({ properties, name }) => ({
      name,
      ...(isRecord(properties.Variables) && { variables: stringValues(properties.Variables) }),
    }));
    this.settings = new Map(stages.map(({ properties, name }) => [name, records(properties.MethodSettings)]));
  }

  /** Counts one request; false if it exceeds the limit. */
  takes({ request, resource }: RestCall): boolean {
    const { method } = request.http;
    const key = `${request.stage} ${method} ${resource.path}`;
    if (!this.throttles.has(key)) this.throttles.set(key, this.throttle(request.stage, method, resource.path));
    return this.throttles.get(key)?.take() ?? true;
  }

  private throttle(stage: string, method: string, resource: string): Throttle | undefined {
    const path = resource === '/' ? '/' : `/${resource.replaceAll('/', '~1')}`;
    const own = (this.settings.get(stage) ?? []).filter(
      ({ HttpMethod, ResourcePath }) =>
        ['*', method].includes(text(HttpMethod) ?? '') && ['/*', path].includes(text(ResourcePath) ?? ''),
    );
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = recordOf(own.at(-1));
    if (rate === undefined && burst === undefined) return undefined;
    return new Throttle(number(rate) ?? Infinity, number(burst) ?? number(rate) ?? 0);
  }
}

/** The stages that deployments create with their `StageName`, as if each were an `AWS::ApiGateway::Stage`. */
export function stagesOfDeployments(deployments: readonly Deployed[]): readonly Deployed[] {
  return deployments.flatMap((deployed) => {
    const { StageName, StageDescription, RestApiId } = deployed.properties;
    if ((text(StageName) ?? '') === '') return [];
    const { MethodSettings, ...description } = recordOf(StageDescription);
    const everywhere = { ...description, HttpMethod: '*', ResourcePath: '/*' };
    const properties = {
      ...description,
      StageName,
      RestApiId,
      MethodSettings: [everywhere, ...records(MethodSettings)],
    };
    return [deployed.derive('AWS::ApiGateway::Stage', `${deployed.logicalId}Stage`, properties)];
  });
}

/** The variables of a stage. */
export function stringValues(values: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value) ?? '']));
}
