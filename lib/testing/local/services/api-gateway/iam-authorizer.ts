import type { Caller } from '../../kernel/caller';
import type { JsonObject } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { ApiRequest } from './api-request';
import { authenticate } from '../../kernel/authenticate';
import { AwsError } from '../../kernel/aws-errors';
import { readSignature } from '../../kernel/sigv4';
import type { PolicyVerdict } from './resource-policy';
import { parseArn } from '../../../../core/arn';

/** Who signed a request, or why it is refused. */
export type IamVerdict =
  | { readonly caller: Caller }
  | { readonly refused: 'unsigned' | 'invalid' }
  | { readonly refused: 'denied'; readonly message: string };

/**
 * Judges a request to an API by its signature and the signer's policies.
 * @param byPolicy the verdict of the API's policy on the caller: within an account either allow suffices, unless one
 * denies
 */
export function authorizeByIam(
  context: LocalContext,
  request: ApiRequest,
  methodArn: string,
  byPolicy: (caller: Caller) => PolicyVerdict | undefined = () => undefined,
): IamVerdict {
  if (!readSignature(request.http)) return { refused: 'unsigned' };
  const caller = signerOf(context, request);
  if (!caller) return { refused: 'invalid' };
  const said = byPolicy(caller);
  if (said === 'allowed' && parseArn(caller.arn)?.account === parseArn(methodArn)?.account) return { caller };
  if (said === 'denied explicitly') {
    const message = `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${methodArn} with an explicit deny`;
    return { refused: 'denied', message };
  }
  const denial = context.access.refusal(caller, [{ action: 'execute-api:Invoke', resource: methodArn }]);
  return denial ? { refused: 'denied', message: denial.message } : { caller };
}

/** A signer as `identity` of a REST or WebSocket API's events has it. */
export function signerIdentity({ accessKeyId: accessKey, arn: userArn }: Caller, accountId: string): JsonObject {
  const user = `${accessKey}:${userArn.split('/').at(-1)}`;
  return { accessKey, accountId, caller: user, user, userArn };
}

function signerOf(context: LocalContext, { http }: ApiRequest): Caller | undefined {
  try {
    return authenticate(http, 'rest-json', (key) => context.callerOf(key));
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
