import { App, type Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ServerlessApi, type ServerlessApiProps } from 'lintel/aws';

/** An issuer of tokens. */
export const ISSUER = { issuer: 'https://login.example.com', audience: ['shop'] };

/** A handler that needs no bundling. */
export const inline = (timeout?: Duration) => ({ code: Code.fromInline('exports.handler = 0'), timeout });

export function stackOf(): Stack {
  return new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
}

/** An API with one route for callers with IAM, unless props say otherwise. */
export function apiOf(props: Partial<ServerlessApiProps> = {}, stack = stackOf()) {
  const api = new ServerlessApi(stack, 'Api', { authorizer: 'iam', routes: { 'GET /orders': inline() }, ...props });
  return { api, stack, template: () => Template.fromStack(stack) };
}

/** The same, to be called by `expect`. */
export const attempt = (props: Partial<ServerlessApiProps>) => () => apiOf(props);

/** A function that is none of ours. */
export function plainFunction(stack: Stack, id: string, timeout?: Duration): Function {
  const code = Code.fromInline('exports.handler = 0');
  return new Function(stack, id, { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout });
}

/** For which requests API Gateway may invoke functions: the part of each source ARN that names them. */
export function sourcesOf(template: Template): string[] {
  return Object.values(template.findResources('AWS::Lambda::Permission'))
    .map(({ Properties }) => Properties.SourceArn['Fn::Join'][1] as (string | { Ref: string })[])
    .map((parts) =>
      parts
        .slice(7)
        .map((part) => (typeof part === 'string' ? part : `<${part.Ref.slice(0, 8)}>`))
        .join(''),
    )
    .sort();
}
