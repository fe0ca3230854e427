import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { ClickstreamStack } from './clickstream-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new ClickstreamStack(app, 'Clickstream');
