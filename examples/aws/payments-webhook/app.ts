import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { PaymentsStack } from './payments-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new PaymentsStack(app, 'Payments');
