import type { Caller } from '../../kernel/caller';
import type { LocalContext } from '../../kernel/service';
import type { ApiRequest } from './api-request';
import { authenticate } from '../../kernel/authenticate';
import { AwsError } from '../../kernel/aws-errors';
import { readSignature } from '../../kernel/sigv4';

/** Who signed a request, or why it is refused. */
export type IamVerdict =
  | { readonly caller: Caller }
  | { readonly refused: 'unsigned' | 'invalid' }
  | { readonly refused: 'denied'; readonly message: string };

/** Judges a request to an API by its signature and the policies of who signed. */
export function authorizeByIam(context: LocalContext, request: ApiRequest, methodArn: string): IamVerdict {
  if (!readSignature(request.http)) return { refused: 'unsigned' };
  const caller = signerOf(context, request);
  if (!caller) return { refused: 'invalid' };
  const denial = context.access.refusal(caller, [{ action: 'execute-api:Invoke', resource: methodArn }]);
  return denial ? { refused: 'denied', message: denial.message } : { caller };
}

function signerOf(context: LocalContext, { http }: ApiRequest): Caller | undefined {
  try {
    return authenticate(http, 'rest-json', (key) => context.callerOf(key));
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
