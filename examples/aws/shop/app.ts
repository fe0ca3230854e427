import { App } from 'aws-cdk-lib';
import { enforce } from 'lintel/rules';
import { buildShop } from './shop';

const app = new App();
enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
buildShop(app);
