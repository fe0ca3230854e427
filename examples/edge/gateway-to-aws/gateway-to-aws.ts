import { EdgeGateway } from 'lintel/edge';
import { CdkStack } from 'lintel/pulumi';
import { OrdersStack } from '../../aws/orders-api/orders-stack';

/**
 * Two clouds in one program: the orders API as its own CDK stack on AWS, and before it a gateway on Cloudflare, which
 * turns away bad tokens and floods near the client and tries a new way to order on a tenth of the customers.
 */
export function gatewayToAws() {
  const orders = new CdkStack('orders', { stack: (app, props) => new OrdersStack(app, 'Orders', props) });

  const gate = new EdgeGateway('gate', {
    origin: orders.output('Url'),
    authorizer: { issuer: 'https://login.example.com', audience: ['shop'] },
    rateLimit: { limit: 100, period: 60 },
    experiments: { ordering: { usual: { share: 90 }, express: { share: 10 } } },
  });

  return { api: orders.output('Url'), gateway: gate.worker.script.scriptName };
}
