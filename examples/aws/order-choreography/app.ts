import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { shopOf } from './shop';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
shopOf(app);
