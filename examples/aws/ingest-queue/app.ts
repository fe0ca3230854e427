import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { IngestStack } from './ingest-stack';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
new IngestStack(app, 'Ingest');
