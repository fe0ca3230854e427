import { webSocketMessageSize } from '../../../../../core/facts/api-gateway';
import { authenticate } from '../../../kernel/authenticate';
import { AwsError, errorResponse } from '../../../kernel/aws-errors';
import type { HttpRequest, HttpResponse } from '../../../kernel/call';
import type { Deployed } from '../../../kernel/deployment';
import type { LocalContext } from '../../../kernel/service';
import { decode } from '../route-match';
import type { Connection } from './connection';
import { CLOSE } from './frames';

const PATH = /^\/([^/]+)\/(?:@|%40)connections\/([^/]+)\/?$/i;
const ID = /^[\w-]{15}=$/;

/**
 * The API that handlers call to send to clients: `POST`, `GET` and `DELETE` of `/{stage}/@connections/{id}`.
 * @returns undefined for another request
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export function manageConnections(
  context: LocalContext,
  api: Deployed,
  request: HttpRequest,
  connections: ReadonlyMap<string, Connection>,
): HttpResponse | undefined {
  const [, stage, encoded] = PATH.exec(request.path) ?? [];
  if (stage === undefined || encoded === undefined) return undefined;
  const id = decode(encoded);
  try {
    const caller = authenticate(request, 'rest-json', (key) => context.callerOf(key));
    const resource = api.arnHere('execute-api', `${api.ref}/${stage}/${request.method}/@connections/${id}`);
    const denial = context.access.refusal(caller, [{ action: 'execute-api:ManageConnections', resource }]);
    if (denial) throw new AwsError('AccessDeniedException', denial.message, 403);
    if (!ID.test(id)) throw new AwsError('BadRequestException', `Invalid connectionId: ${id}`, 400);
    const connection = connections.get(id);
    if (connection?.request.stage !== stage) throw new AwsError('GoneException', '', 410);
    return answer(request, connection);
  } catch (error) {
    if (error instanceof AwsError) return errorResponse('rest-json', error);
    throw error;
  }
}

function answer({ method, body }: HttpRequest, connection: Connection): HttpResponse {
  const { connectedAt, lastActiveAt, request } = connection;
  switch (method) {
    case 'POST':
      if (body.length > webSocketMessageSize.value) {
        throw new AwsError('PayloadTooLargeException', 'Message too long', 413);
      }
      connection.send(body);
      return { status: 200 };
    case 'GET': {
      const identity = { sourceIp: request.http.sourceIp, userAgent: userAgentOf(connection) };
      const [connected, active] = [connectedAt, lastActiveAt].map((at) => new Date(at).toISOString());
      const said = { connectedAt: connected, identity, lastActiveAt: active };
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(said) };
    }
    case 'DELETE':
      connection.close(CLOSE.normal);
      return { status: 204 };
    default:
      throw new AwsError('ForbiddenException', 'Forbidden', 403);
  }
}

function userAgentOf({ request }: Connection): string | undefined {
  return request.http.headers.find(([name]) => name === 'user-agent')?.[1];
}
