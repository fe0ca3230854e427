import type { Deployed } from '../../../kernel/deployment';
import { type JsonObject, text } from '../../../kernel/json';
import type { LocalContext } from '../../../kernel/service';
import { runtimeOf } from '../../../lambda/runtimes/runtime-kind';
import { lambdaArn } from '../lambda-target';
import { whyMappedNotRun } from './mapped-integration';

/** A route of a WebSocket API and its integration. */
export interface SocketRoute {
  /** `$connect`, `$default`, `send`. */
  readonly key: string;
  readonly properties: JsonObject;
  readonly integration: JsonObject;
  /** Whether the client gets the body of the answer: the route has a response, and selects it. */
  readonly responds: boolean;
}

/** The routes of an API, by key. */
export function routesOf(own: (type: string) => readonly Deployed[]): ReadonlyMap<string, SocketRoute> {
  const integrations = own('AWS::ApiGatewayV2::Integration');
  const responses = own('AWS::ApiGatewayV2::RouteResponse');
  return new Map(
    own('AWS::ApiGatewayV2::Route').map(({ ref, properties }) => {
      const key = text(properties.RouteKey) ?? '';
      const id = text(properties.Target)?.replace(/^integrations\//, '');
      const integration = integrations.find((one) => one.ref === id)?.properties ?? {};
      // `\$default` is the same, written as a literal; a handshake has an answer of its own.
      const selects = /^\\?\$default$/.test(text(properties.RouteResponseSelectionExpression) ?? '');
      const responds =
        selects &&
        !['$connect', '$disconnect'].includes(key) &&
        responses.some((one) => one.properties.RouteId === ref);
      return [key, { key, properties, integration, responds }];
    }),
  );
}

/** What of a route is not run. */
export function whyNotRun(context: LocalContext, route: SocketRoute): readonly string[] {
  const { ApiKeyRequired, RequestModels } = route.properties;
  const reasons = [
    whyNotIntegrated(context, route),
    ApiKeyRequired === true ? 'its API key is not checked' : undefined,
    RequestModels === undefined ? undefined : 'messages are not validated by its models',
  ];
  return reasons.filter((reason) => reason !== undefined);
}

function whyNotIntegrated(context: LocalContext, route: SocketRoute): string | undefined {
  const { integration, responds } = route;
  const type = text(integration.IntegrationType);
  if (type === 'MOCK') return responds ? 'responses of MOCK integrations are not run' : undefined;
  if (type === 'AWS') return whyMappedNotRun(context, route);
  if (type === undefined) return 'it has no integration; it answers an error';
  if (type !== 'AWS_PROXY') return `integrations of type ${type} are not run; it answers an error`;
  const arn = lambdaArn(text(integration.IntegrationUri) ?? '');
  const target = context.functions.target(arn);
  if (!target) return `its function '${arn}' is in no template`;
  const runtime = runtimeOf(target.function.deployed);
  return runtime.startsWith('nodejs')
    ? undefined
    : `its function has the runtime ${runtime}, from which the '@connections' API is not reached: only Node.js functions are led to the run`;
}
