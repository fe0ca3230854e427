import type { HttpResponse } from '../../kernel/call';
import { isRecord, parseJson } from '../../kernel/json';
import { IntegrationFailure } from './integration-failure';
import type { IntegrationRequest } from './integration-request';

/**
 * A mock integration's response: an empty body with the status from its request template.
 * @throws IntegrationFailure when the template sets no status
 */
export function mockAnswer({ body }: IntegrationRequest): HttpResponse {
  const said = body.toString();
  const parsed = parseJson(said);
  // CDK writes `{ statusCode: 200 }`, which is not JSON but which API Gateway accepts.
  const status = isRecord(parsed) ? parsed.statusCode : Number(/["']?statusCode["']?\s*:\s*(\d{3})\b/.exec(said)?.[1]);
  if (Number.isInteger(status)) return { status: Number(status), headers: {}, body: '' };
  throw new IntegrationFailure("the request template of a mock needs an integer 'statusCode'");
}
