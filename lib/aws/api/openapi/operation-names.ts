import type { CfnMethod, Method } from 'aws-cdk-lib/aws-apigateway';
import type { CfnRoute, HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ReadRoute } from '../routes';

/** Names routes as in their document, where both API Gateway and `lintel openapi` find it. */
export function nameOperations(made: Readonly<Record<string, HttpRoute | Method>>, routes: readonly ReadRoute[]): void {
  for (const { key, operationId } of routes) {
    if (operationId === undefined) continue;
    // The L2 of a route has no prop for it.
    (made[key]!.node.defaultChild as CfnRoute | CfnMethod).operationName = operationId;
  }
}
