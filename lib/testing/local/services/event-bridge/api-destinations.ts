import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../../kernel/aws-errors';
import { backendOf, whyBackendNotRun } from '../../kernel/backends';
import type { Deployed } from '../../kernel/deployment';
import { isRecord, type JsonObject, asList, number, recordOf, text } from '../../kernel/json';
import type { LocalContext, Sender } from '../../kernel/service';
import { jsonPath } from '../api-gateway/vtl/json-path';
import { Connections } from './connections';

/** The CloudFormation type of an API destination. */
export const DESTINATION = 'AWS::Events::ApiDestination';

/** Timeout of an endpoint, in milliseconds. */
const PATIENCE = 5_000;
/** Default invocations per second. */
const DEFAULT_RATE = 300;

/** EventBridge's own request headers. */
const HEADERS = {
  'user-agent': 'Amazon/EventBridge/ApiDestinations',
  'content-type': 'application/json; charset=utf-8',
  range: 'bytes=0-1048575',
  'accept-encoding': 'gzip,deflate',
};

/** API destinations: HTTP endpoints on this machine that receive events, authorized by their connection. */
export class ApiDestinations {
  private readonly connections: Connections;
  /** The earliest time of the next request, by destination, in milliseconds since the epoch. */
  private readonly next = new Map<string, number>();

  /** @param context what they work with */
  constructor(private readonly context: LocalContext) {
    this.connections = new Connections(context);
  }

  /** Why a destination is not run; undefined if it is. */
  whyNotRun(arn: string): string | undefined {
    const destination = this.find(arn);
    if (!destination) return `its target '${arn}' is in no template`;
    const connection = text(destination.properties.ConnectionArn) ?? '';
    return (
      whyBackendNotRun(this.context, this.endpointOf(destination), [destination.displayName]) ??
      this.connections.whyNotRun(connection)
    );
  }

  /**
   * Sends an event to a destination.
   * @param parameters of the target: path, query and headers, with paths into the event
   * @returns the body of its answer
   * @throws AwsError when the endpoint refuses it; with a status of 500 or more it may be retried
   */
  async invoke(
    arn: string,
    payload: unknown,
    parameters: JsonObject,
    event: JsonObject,
    sender: Sender,
  ): Promise<string> {
    const destination = this.find(arn);
    if (!destination) throw new AwsError('NO_RESOURCE', `There is no API destination '${arn}'`, 404);
    if ('service' in sender)
      throw new AwsError('NO_PERMISSIONS', 'An API destination is invoked with a role, and the target has none', 403);
    this.context.judgeDelivery(sender, { action: 'events:InvokeApiDestination', resource: arn });
    const url = this.urlOf(destination, parameters, event);
    const connection = text(destination.properties.ConnectionArn) ?? '';
    await this.turn(destination);
    const send = async (renewed: boolean) => {
      const added = await this.connections.authorization(connection, renewed);
      for (const [name, value] of added.query) url.searchParams.set(name, value);
      const body = isRecord(payload) ? { ...payload, ...added.body } : payload;
      const headers = { ...HEADERS, ...valuesOf(parameters.HeaderParameters, event), ...added.headers };
      const method = text(destination.properties.HttpMethod) ?? 'POST';
      return request(url, {
        method,
        headers,
        ...(!['GET', 'HEAD'].includes(method) && { body: JSON.stringify(body) }),
      });
    };
    const first = await send(false);
    // An expired token is renewed once.
    const answer = [401, 407].includes(first.status) && this.connections.renews(connection) ? await send(true) : first;
    if (answer.status < 200 || answer.status > 299) throw refusal(answer.status, destination);
    return answer.body;
  }

  private find(arn: string): Deployed | undefined {
    return this.context.deployment.ofType(DESTINATION).find((one) => one.attribute('Arn') === arn || one.arn === arn);
  }

  private endpointOf({ properties }: Deployed): string {
    return this.context.localized(text(properties.InvocationEndpoint) ?? '');
  }

  private urlOf(destination: Deployed, parameters: JsonObject, event: JsonObject): URL {
    const paths = asList(parameters.PathParameterValues).map((one) => encodeURIComponent(resolved(one, event)));
    const endpoint = this.endpointOf(destination).replace(/\*/g, () => paths.shift() ?? '');
    const url = backendOf(this.context, endpoint, [destination.displayName]);
    if (!url) throw new AwsError('LocalRunUnsupported', `'${endpoint}' is not on this machine`, 501);
    for (const [name, value] of Object.entries(valuesOf(parameters.QueryStringParameters, event)))
      url.searchParams.set(name, value);
    return url;
  }

  /** Waits until the destination's rate limit allows one more. */
  private async turn({ displayName, properties }: Deployed): Promise<void> {
    const rate = number(properties.InvocationRateLimitPerSecond) ?? DEFAULT_RATE;
    const at = Math.max(Date.now(), this.next.get(displayName) ?? 0);
    this.next.set(displayName, at + this.context.clock.milliseconds(1 / rate));
    if (at > Date.now()) await sleep(at - Date.now());
  }
}

async function request(url: URL, init: RequestInit): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    // By name: under a test runner it is an `Error` from another realm.
    const slow = (error as { readonly name?: unknown } | null)?.name === 'TimeoutError';
    const said = slow ? `'${url.origin}' did not answer within 5 seconds` : `'${url.origin}' does not answer`;
    throw new AwsError(slow ? 'TIMEOUT' : 'CONNECTION_FAILURE', said, 504);
  }
}

/** Only 429 and server errors are retried. */
function refusal(status: number, { displayName }: Deployed): AwsError {
  const again = status === 429 || status >= 500;
  const code = status === 429 ? 'THROTTLING' : 'ERROR_FROM_TARGET';
  return new AwsError(code, `'${displayName}' answered ${status}`, again ? 503 : 400);
}

function valuesOf(given: unknown, event: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(recordOf(given)).map(([name, value]) => [name, resolved(value, event)]));
}

/** A path into the event, or a literal. */
function resolved(value: unknown, event: JsonObject): string {
  const written = text(value) ?? '';
  return written.startsWith('$.') ? (text(jsonPath(written, event)) ?? '') : written;
}
