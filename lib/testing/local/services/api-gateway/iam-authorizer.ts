import type { Caller } from '../../kernel/caller';
import type { LocalContext } from '../../kernel/service';
import type { ApiRequest } from './api-request';
import { isSignedBy, readSignature } from '../../kernel/sigv4';

/** Who signed a request, or why it is refused. */
export type IamVerdict =
  | { readonly caller: Caller }
  | { readonly refused: 'unsigned' | 'invalid' }
  | { readonly refused: 'denied'; readonly message: string };

/** Judges a request to an API by its signature and the policies of who signed. */
export function authorizeByIam(context: LocalContext, request: ApiRequest, methodArn: string): IamVerdict {
  const signature = readSignature(request.http);
  if (!signature) return { refused: 'unsigned' };
  const caller = context.callerOf(signature.accessKeyId);
  if (!caller || !isSignedBy(request.http, signature, caller.secretAccessKey)) return { refused: 'invalid' };
  const denial = context.access.refusal(caller, [{ action: 'execute-api:Invoke', resource: methodArn }]);
  return denial ? { refused: 'denied', message: denial.message } : { caller };
}
