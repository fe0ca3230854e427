import { AwsError } from '../../kernel/aws-errors';
import type { JsonRecord } from '../../kernel/json';

/** Requests with a token of their sender: one that comes again is done once. */
export class Requests {
  private readonly known = new Map<string, { readonly content: string; readonly answer: JsonRecord }>();

  /**
   * Does what is asked for, unless it was done with this token.
   * @param token undefined for a request without one
   * @param asked what is asked for
   * @throws AwsError when the token stands for something else
   */
  once(token: string | undefined, asked: unknown, work: () => JsonRecord): JsonRecord {
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
