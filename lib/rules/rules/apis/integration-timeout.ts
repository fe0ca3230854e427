import { apiGateway } from '../../../core/facts';
import type { Model, Resource } from '../../../core/model/model';
import { at, eachBranch, inWords, isUnknown, toNumber, toText } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { kindOf } from '../../../core/model/api-route';
import { routes } from '../../../core/model/api-routes';
import { type Judgement, type Rule, undecided } from '../../rule';

const SHORTEST = apiGateway.shortestIntegrationTimeout.value;
const { httpIntegrationTimeout: HTTP, webSocketIntegrationTimeout: WEBSOCKET, restStreamTimeout: STREAM } = apiGateway;

export const integrationTimeout: Rule = {
  id: 'IntegrationTimeout',
  severity: 'error',
  title: 'The timeout of an integration is one that its API supports',
  why: 'API Gateway rejects the deployment otherwise; no quota raises these.',
  fix: 'set TimeoutInMillis within the limits, or stream the response',
  source: HTTP.source,
  *check({ model }) {
    for (const one of timeouts(model)) yield* judge(one);
  },
};

interface Timeout {
  readonly resource: Resource;
  readonly property: string;
  readonly value: Value | undefined;
  /** The API's maximum wait, in seconds; two values if the kind of API is unknown. */
  readonly longest: readonly number[];
}

function timeouts(model: Model): Timeout[] {
  const integrations = model.ofType('AWS::ApiGatewayV2::Integration').map((resource) => ({
    ...timeoutOf(resource, 'TimeoutInMillis'),
    longest: ofApi(model.target(at(resource, 'ApiId'))),
  }));
  const methods = model.ofType('AWS::ApiGateway::Method').map((resource) => ({
    ...timeoutOf(resource, 'Integration.TimeoutInMillis'),
    longest: ofTransfer(at(resource, 'Integration.ResponseTransferMode')),
  }));
  const documented = routes(model).flatMap(({ api, kind, integrations: called }) =>
    called.flatMap(({ holder, property, timeout, streams }) => {
      if (holder !== api || timeout === undefined) return [];
      const longest = kind === 'rest' ? ofTransfer(streams ? 'STREAM' : undefined) : ofApi(api);
      return [{ resource: holder, property: property.replace(/uri$/, 'timeoutInMillis'), value: timeout, longest }];
    }),
  );
  return [...integrations, ...methods, ...documented];
}

function timeoutOf(resource: Resource, property: string): Omit<Timeout, 'longest'> {
  return { resource, property, value: at(resource, property) };
}

/** How long an HTTP or WebSocket API waits; both if the kind is unknown. */
function ofApi(api: Resource | undefined): readonly number[] {
  if (!api || isUnknown(at(api, 'ProtocolType'))) return [WEBSOCKET.value, HTTP.value];
  return [(kindOf(api) === 'websocket' ? WEBSOCKET : HTTP).value];
}

/** How long a REST API method waits: without streaming, a quota decides. */
function ofTransfer(mode: Value | undefined): readonly number[] {
  if (isUnknown(mode)) return [STREAM.value, Infinity];
  return [toText(mode) === 'STREAM' ? STREAM.value : Infinity];
}

function* judge({ resource, property, value, longest }: Timeout): Iterable<Judgement> {
  for (const branch of eachBranch(value)) {
    if (branch.value === undefined) continue;
    const timeout = toNumber(branch.value);
    if (timeout === undefined) {
      yield undecided(resource, property, branch.value);
      continue;
    }
    const [least, most] = [Math.min(...longest), Math.max(...longest)];
    if (timeout >= SHORTEST && timeout <= least * 1000) continue;
    if (timeout >= SHORTEST && timeout <= most * 1000) {
      yield { resource, property, reason: 'which kind of API it belongs to is known only at deployment' };
      continue;
    }
    const limits = most === Infinity ? `less than ${SHORTEST}` : `outside ${SHORTEST} to ${most * 1000}`;
    yield {
      resource,
      property,
      message: `has a timeout of ${timeout} milliseconds, ${limits}${inWords(branch.when)}`,
      detail: property,
    };
  }
}
