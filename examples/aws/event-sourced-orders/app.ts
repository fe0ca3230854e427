import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { OrdersStack } from './orders-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new OrdersStack(app, 'Orders');
