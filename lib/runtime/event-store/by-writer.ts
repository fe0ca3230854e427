import type { LambdaClient } from '@aws-sdk/client-lambda';
import { inBase64 } from './items';
import type { Outcome, Plan } from './transaction';

let shared: LambdaClient | undefined;

/** Lets a function store it, if the caller may not put. */
export async function storeBy(writer: string, plan: Plan): Promise<Outcome> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  shared ??= new LambdaClient({});
  const { FunctionError, Payload } = await shared.send(
    new InvokeCommand({ FunctionName: writer, Payload: Buffer.from(inBase64(plan)) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Outcome & { readonly errorMessage?: string };
  if (FunctionError) throw new Error(`The writer '${writer}' failed: ${answer.errorMessage}`);
  return answer;
}
