import { App, Stack } from 'aws-cdk-lib';
import { EntityTable, ServerlessApi } from 'lintel/aws';
import { enforce } from 'lintel/rules';
import 'lintel/testing';

const app = new App({ outdir: 'cdk.out' });
enforce(app);
const stack = new Stack(app, 'Fresh');
const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
new ServerlessApi(stack, 'Api', {
  authorizer: 'iam',
  routes: { 'GET /orders/{id}': { entry: 'src/get-order.ts', access: { ORDERS: orders.read() } } },
});
app.synth();
