import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { ReportStack } from './report-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new ReportStack(app, 'NightlyReport');
