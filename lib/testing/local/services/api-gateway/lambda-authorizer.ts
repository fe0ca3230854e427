import { evaluate, type PolicyDocument } from '../../../../access';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import { invokeForApi, type LambdaTarget } from './lambda-target';

/** The input of a Lambda authorizer. */
export interface AuthorizerQuestion {
  readonly lambda: LambdaTarget;
  /** The event that it receives. */
  readonly event: unknown;
  /** The ARN of the called route or method. */
  readonly methodArn: string;
  /** The values of the identity sources, for which the answer is cached. */
  readonly identity: readonly string[];
}

/** The verdict of a Lambda authorizer. */
export type AuthorizerVerdict =
  | { readonly context: JsonObject; readonly principalId?: string }
  | { readonly refused: 'unauthorized' }
  | { readonly refused: 'denied'; readonly explicitly: boolean }
  | { readonly refused: 'failed'; readonly reason: string };

interface Remembered {
  readonly answer: JsonObject;
  readonly until: number;
}

/** A Lambda authorizer of an API, with its cache. */
export class LambdaAuthorizer {
  private readonly remembered = new Map<string, Remembered>();

  /**
   * @param simple whether it answers `{ isAuthorized }` and not a policy
   * @param ttl seconds for which an answer is cached
   */
  constructor(
    private readonly context: LocalContext,
    private readonly simple: boolean,
    private readonly ttl: number,
  ) {}

  /** Uses the cached answer, or calls the function. */
  async authorize(question: AuthorizerQuestion): Promise<AuthorizerVerdict> {
    const key = JSON.stringify(question.identity);
    const known = this.remembered.get(key);
    if (known && known.until > Date.now()) return this.verdict(known.answer, question.methodArn);
    const { payload, error } = await invokeForApi(this.context, question.lambda, question.event);
    if (error) {
      if (error.payload.errorMessage === 'Unauthorized') return { refused: 'unauthorized' };
      return { refused: 'failed', reason: error.payload.errorMessage };
    }
    const answer = parseJson(payload.toString());
    if (!isRecord(answer)) return { refused: 'failed', reason: 'its result is not an object' };
    if (this.ttl > 0) this.remembered.set(key, { answer, until: Date.now() + this.ttl * 1000 });
    return this.verdict(answer, question.methodArn);
  }

  private verdict(answer: JsonObject, methodArn: string): AuthorizerVerdict {
    const context = recordOf(answer.context);
    if (this.simple) {
      if (typeof answer.isAuthorized !== 'boolean') return { refused: 'failed', reason: "it has no 'isAuthorized'" };
      return answer.isAuthorized ? { context } : { refused: 'denied', explicitly: false };
    }
    const principalId = text(answer.principalId);
    if (principalId === undefined || !isPolicy(answer.policyDocument)) {
      return { refused: 'failed', reason: "it lacks a 'principalId' or a 'policyDocument'" };
    }
    const request = { action: 'execute-api:Invoke', resource: methodArn, context: {} };
    const { verdict } = evaluate(request, { identity: [answer.policyDocument] });
    if (verdict === 'allowed') return { context, principalId };
    const everything: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const explicitly = evaluate(request, { identity: [answer.policyDocument, everything] }).verdict === 'denied';
    return { refused: 'denied', explicitly };
  }
}

function isPolicy(value: unknown): value is PolicyDocument {
  return isRecord(value) && value.Statement !== undefined;
}
