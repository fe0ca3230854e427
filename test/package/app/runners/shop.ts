import { App, Stack } from 'aws-cdk-lib';
import { EntityTable, ServerlessApi } from 'lintel/aws';
import type { ResourceGraph } from 'lintel/pulumi';

/** A small app, in which a test of each runner looks for the same. */
export function shop() {
  // `app.ts` is validated.
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  const api = new ServerlessApi(stack, 'Api', {
    authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
    routes: { 'GET /orders/{id}': { entry: 'src/get-order.ts', access: { ORDERS: orders.read() } } },
  });
  return { app, stack, orders, reader: api.functions['GET /orders/{id}']! };
}

/** A function with less memory than the rules ask for. */
export const small = { Resources: { Small: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 64 } } } };

export const graph: ResourceGraph = {
  resources: [
    { type: 'random:index/randomPet:RandomPet', name: 'pet', inputs: {}, dependsOn: [], secrets: [], options: {} },
  ],
  outputs: {},
};

/** The answer to a request with a token that the local run has issued. */
export async function ask(run: { readonly url: string; token(claims: { sub: string }): string }): Promise<unknown> {
  const headers = { authorization: `Bearer ${run.token({ sub: 'ann' })}` };
  return (await fetch(`${run.url}/orders/7`, { headers })).json();
}
