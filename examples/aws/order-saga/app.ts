import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { OrderStack } from './order-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
// Or on a durable function: new OrderStack(app, 'Orders', { engine: 'durable-function' });
new OrderStack(app, 'Orders');
