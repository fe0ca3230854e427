import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { webSocketIntegrationTimeout } from '../../../../../core/facts/api-gateway';
import { header, type HttpRequest, type HttpResponse } from '../../../kernel/call';
import type { Deployed } from '../../../kernel/deployment';
import { type HttpServer, serveHttp } from '../../../kernel/http-server';
import { isRecord, type JsonObject, number, parseJson, recordOf, text } from '../../../kernel/json';
import { withRequestLog } from '../../../kernel/request-log';
import type { LocalContext } from '../../../kernel/service';
import { ThrottledError } from '../../../lambda/function-errors';
import { restAnswer } from '../answers';
import { apiRequest, type ApiStage } from '../api-request';
import { BadRequestBody, IntegrationFailure, NotRunHere, PayloadTooLarge } from '../integration-failure';
import { invokeForApi } from '../lambda-target';
import { notRunAnswer } from '../not-run-answer';
import { stringValues } from '../rest-stages';
import { stageThrottles } from '../stage-throttles';
import { withinLimit } from '../within-limit';
import { authorizeConnect } from './connect-authorizer';
import { Connection } from './connection';
import { eventOf, type SocketEvent } from './events';
import { manageConnections } from './management';
import { callMapped } from './mapped-integration';
import { refuse } from './refuse';
import { isSelectable, selectedKey } from './route-selection';
import { routesOf, type SocketRoute, whyNotRun } from './routes';

/** What an integration answered. */
type Answer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

/** Why no integration answered: the status of a handshake, and what a client is told. */
interface Failure {
  readonly failed: number;
  readonly message: string;
}

const INTERNAL: Failure = { failed: 500, message: 'Internal server error' };

const TIMED_OUT: Failure = { failed: 504, message: 'Endpoint request timed out' };

/** One WebSocket API on its own port. */
export class WebSocketApi {
  private readonly routes: ReadonlyMap<string, SocketRoute>;
  private readonly stages: readonly ApiStage[];
  private readonly domains: readonly string[];
  private readonly selection: string;
  private readonly admits: (stage: string, routeKey: string) => boolean;
  private readonly connections = new Map<string, Connection>();
  private server: HttpServer | undefined;
  private working = 0;
  private stopped = false;

  /** The API as it would be deployed. */
  constructor(
    private readonly context: LocalContext,
    private readonly api: Deployed,
  ) {
    const own = (type: string) =>
      context.deployment.ofType(type).filter(({ properties }) => properties.ApiId === api.ref);
    const stages = own('AWS::ApiGatewayV2::Stage');
    this.stages = stages.map(({ properties, name }) => ({
      name,
      ...(isRecord(properties.StageVariables) && { variables: stringValues(properties.StageVariables) }),
    }));
    this.admits = stageThrottles(stages);
    this.routes = routesOf(own);
    const domains = context.deployment.ofType('AWS::ApiGatewayV2::DomainName');
    this.domains = own('AWS::ApiGatewayV2::ApiMapping').map(({ properties: { DomainName } }) =>
      String(domains.find(({ ref }) => ref === DomainName)?.properties.DomainName ?? DomainName),
    );
    this.selection = text(api.properties.RouteSelectionExpression) ?? '';
  }

  /** The URL for clients, with the stage: `ws://127.0.0.1:34567/prod`. */
  get url(): string {
    const [stage] = this.stages;
    return `${(this.server?.url ?? '').replace('http', 'ws')}${stage === undefined ? '' : `/${stage.name}`}`;
  }

  /** How many events it has in work. */
  get left(): number {
    return this.working;
  }

  async start(port: number): Promise<void> {
    const answer = async (request: HttpRequest) => this.answer(request);
    const logged = withRequestLog(this.context.logs, this.api.displayName, answer);
    const host = `${this.api.ref}.execute-api.${this.api.region}.amazonaws.com`;
    this.server = await serveHttp(port, logged, [host.toLowerCase()], (request, socket, head) => {
      this.during(async () => {
        try {
          await this.connect(request, socket, head);
        } catch (error) {
          socket.destroy();
          throw error;
        }
      });
    });
    this.context.hosts.addEndpoint({ host, localPort: Number(new URL(this.server.url).port) });
    this.context.rewrite(`https://${host}`, this.server.url);
    this.context.rewrite(`wss://${host}`, this.server.url.replace('http', 'ws'));
  }

  /** Reports its unsupported parts. */
  reportNotRun(): void {
    const report = (reason: string) =>
      this.context.unsupported({ resource: this.api.displayName, type: this.api.type, reason });
    for (const route of this.routes.values()) {
      for (const why of whyNotRun(this.context, route)) report(`the route ${route.key}: ${why}`);
    }
    for (const domain of this.domains) report(`its custom domain '${domain}' is not served`);
    if (this.api.properties.DisableExecuteApiEndpoint === true) {
      report('its default endpoint is disabled, so that AWS answers 403 there; here it serves');
    }
    if (!isSelectable(this.selection)) {
      report(`its route selection expression '${this.selection}' is not evaluated: every message gets to $default`);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.server?.stop();
  }

  private answer(request: HttpRequest): HttpResponse {
    const managed = manageConnections(this.context, this.api, request, this.connections);
    const body = JSON.stringify({ message: 'Missing Authentication Token' });
    return managed ?? { status: 403, headers: { 'content-type': 'application/json' }, body };
  }

  private async connect(http: HttpRequest, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const identity = { accountId: this.api.account, apiId: this.api.ref };
    const request = apiRequest(http, this.stages, identity);
    const key = header(http, 'sec-websocket-key');
    if (key === undefined || header(http, 'sec-websocket-version') !== '13') return refuse(socket, 400, 'Bad Request');
    if (!request || request.path !== '/') return refuse(socket, 403, 'Forbidden');
    // Handlers build the address of the management API from it, with the port that it has here.
    const domainName = header(http, 'host') ?? request.domainName;
    const connection = new Connection({ ...request, domainName }, socket, this.context.clock);
    const { requestId } = request;
    const ids = { connectionId: connection.id, requestId };
    const event: SocketEvent = { eventType: 'CONNECT', routeKey: '$connect', requestId };
    const answer = await this.admitted(connection, event);
    if ('failed' in answer) return refuse(socket, answer.failed, answer.message, ids);
    if (answer.status < 200 || answer.status > 299) {
      return refuse(socket, answer.status, refusalOf(answer.status), ids);
    }
    const [protocol] = [answer.headers?.['sec-websocket-protocol']].flat();
    this.connections.set(connection.id, connection);
    connection.accept(key, protocol, head, {
      message: (message) => this.during(() => this.message(connection, message)),
      end: (code, reason) => {
        this.connections.delete(connection.id);
        if (!this.stopped) this.during(() => this.disconnect(connection, { code, reason }));
      },
    });
  }

  /** The answer of `$connect`, where its authorizer admits the client. */
  private async admitted(connection: Connection, event: SocketEvent): Promise<Answer | Failure> {
    const route = this.routes.get('$connect');
    if (!route) return { status: 200 };
    return this.guarded(event, async () => {
      const verdict = await authorizeConnect(this.context, this.api, route.properties, connection);
      if ('refused' in verdict) {
        return { failed: verdict.refused, message: refusalOf(verdict.refused) };
      }
      connection.authorizer = verdict.authorizer;
      connection.identity = verdict.identity;
      return this.integrated(route, connection, event);
    });
  }

  private async message(connection: Connection, body: string): Promise<void> {
    const route = this.routes.get(selectedKey(this.selection, body) ?? '$default') ?? this.routes.get('$default');
    const requestId = randomUUID();
    const tell = (message: string) =>
      connection.send(JSON.stringify({ message, connectionId: connection.id, requestId }));
    if (!route || route.key === '$connect' || route.key === '$disconnect') return tell('Forbidden');
    const event: SocketEvent = { eventType: 'MESSAGE', routeKey: route.key, requestId };
    const answer = await this.guarded(event, () => this.integrated(route, connection, event, body));
    if ('failed' in answer) return tell(answer.message);
    // Without a body there is no message.
    if (route.responds && answer.body && this.connections.has(connection.id)) connection.send(answer.body);
  }

  private async disconnect(connection: Connection, end: NonNullable<SocketEvent['end']>): Promise<void> {
    const route = this.routes.get('$disconnect');
    const event: SocketEvent = { eventType: 'DISCONNECT', routeKey: '$disconnect', requestId: randomUUID(), end };
    if (route) await this.guarded(event, () => this.integrated(route, connection, event));
  }

  private async integrated(
    route: SocketRoute,
    connection: Connection,
    event: SocketEvent,
    body?: string,
  ): Promise<Answer | Failure> {
    const { key, integration } = route;
    const { stage } = connection.request;
    const source = this.api.arnHere('execute-api', `${this.api.ref}/${stage}/${key}`);
    const limit = number(integration.TimeoutInMillis) ?? webSocketIntegrationTimeout.value * 1000;
    if (!this.admits(stage, key)) return { failed: 429, message: 'Too Many Requests' };
    if (integration.IntegrationType === 'MOCK') return mocked(integration);
    if (integration.IntegrationType === 'AWS') {
      const note = (said: string) => this.write(`NOTE ${said}`, event.requestId);
      const called = callMapped(this.context, route, { connection, event, source, body }, note);
      const answered = await withinLimit(called, limit);
      return answered ?? TIMED_OUT;
    }
    if (integration.IntegrationType !== 'AWS_PROXY') {
      throw new NotRunHere(`integrations of type ${String(integration.IntegrationType)} of WebSocket APIs are not run`);
    }
    const target = {
      uri: text(integration.IntegrationUri) ?? '',
      source,
      credentials: text(integration.CredentialsArn),
    };
    const outcome = await withinLimit(invokeForApi(this.context, target, eventOf(connection, event, body)), limit);
    if (!outcome) return TIMED_OUT;
    if (outcome.error) return { ...INTERNAL, failed: 502 };
    const answer = restAnswer(outcome.payload);
    const isSilent = recordOf(parseJson(outcome.payload.toString())).statusCode === undefined;
    const why = 'invalid' in answer ? answer.invalid : "it has no 'statusCode'";
    if ('status' in answer && !(isSilent && event.eventType === 'CONNECT')) return answer;
    this.write(`ERROR ${key}: the answer of the function is invalid: ${why}`, event.requestId);
    return { ...INTERNAL, failed: 502 };
  }

  private async guarded(event: SocketEvent, work: () => Promise<Answer | Failure>): Promise<Answer | Failure> {
    const { routeKey, requestId } = event;
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotRunHere) {
        const { status, body } = notRunAnswer(this.context, this.api, {
          operation: routeKey,
          reason: error.message,
          requestId,
        });
        return { failed: status, message: String(recordOf(parseJson(String(body))).message) };
      }
      const known = [IntegrationFailure, BadRequestBody, ThrottledError, PayloadTooLarge].some(
        (type) => error instanceof type,
      );
      if (!known || !(error instanceof Error)) throw error;
      this.write(`ERROR ${routeKey}: ${error.message}`, requestId);
      return INTERNAL;
    }
  }

  private write(line: string, requestId: string): void {
    this.context.logs.write(this.api.displayName, line, requestId);
  }

  private during(work: () => Promise<void>): void {
    this.working++;
    const done = work().finally(() => this.working--);
    this.context.background.run(this.api.displayName, done);
  }
}

/** What a client is told whose handshake is refused with a status. */
function refusalOf(status: number): string {
  if (status >= 500) return INTERNAL.message;
  return status === 401 ? 'Unauthorized' : 'Forbidden';
}

function mocked({ RequestTemplates }: JsonObject): Answer {
  const [template] = Object.values(recordOf(RequestTemplates)).map(String);
  return {
    status: Number(/"?statusCode"?\s*:\s*(\d+)/.exec(template ?? '')?.[1] ?? 200),
  };
}
