import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { ReportingStack } from './reporting-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new ReportingStack(app, 'Reporting');
