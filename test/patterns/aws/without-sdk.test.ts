import { App, Stack } from 'aws-cdk-lib';
import { MINIMAL } from './minimal-uses';

const PLAIN = { builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } };
const HANDLER = 'test/aws/mistakes/handler.ts';

/** Modules of ours that run in functions import the SDK; whoever synthesizes may not have it. */
jest.mock('@aws-sdk/client-s3', () => absent('@aws-sdk/client-s3'));
jest.mock('@aws-sdk/client-dynamodb', () => absent('@aws-sdk/client-dynamodb'));
jest.mock('@aws-sdk/lib-dynamodb', () => absent('@aws-sdk/lib-dynamodb'));
jest.mock('@aws-sdk/client-sqs', () => absent('@aws-sdk/client-sqs'));
jest.mock('@aws-sdk/client-sfn', () => absent('@aws-sdk/client-sfn'));
jest.mock('@aws-sdk/client-eventbridge', () => absent('@aws-sdk/client-eventbridge'));
jest.mock('@aws-sdk/client-secrets-manager', () => absent('@aws-sdk/client-secrets-manager'));
jest.mock('@aws/durable-execution-sdk-js', () => absent('@aws/durable-execution-sdk-js'));

function absent(name: string): never {
  throw new Error(`${name} is not installed`);
}

test.each(Object.entries(MINIMAL))('%s is made without the SDK', (_, make) => {
  make(new Stack(new App(PLAIN), 'Shop', { env: { region: 'eu-west-1' } }), HANDLER);
});
