import { AwsError } from '../../kernel/aws-errors';
import type { JsonObject } from '../../kernel/json';

/** Idempotency by client token: a repeated request is executed once. */
export class Requests {
  private readonly known = new Map<string, { readonly content: string; readonly answer: JsonObject }>();

  /**
   * Executes a request unless its token has been seen.
   * @param token the client token, if any
   * @param asked the request's parameters
   * @throws AwsError when the token was used for a different request
   */
  once(token: string | undefined, asked: unknown, work: () => JsonObject): JsonObject {
    if (token === undefined) return work();
    const content = JSON.stringify(asked);
    const before = this.known.get(token);
    if (before && before.content !== content) {
      throw new AwsError('ConflictException', `The client token '${token}' was used for another request.`, 409);
    }
    const answer = before?.answer ?? work();
    this.known.set(token, { content, answer });
    return answer;
  }
}
