import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { ImportStack } from './import-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new ImportStack(app, 'FileImport');
