import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

/** A function URL asks who calls. */
export const functionUrlPublic: Rule = {
  id: 'FunctionUrlPublic',
  severity: 'error',
  title: 'A function URL asks who calls',
  why: 'With AuthType NONE everybody on the internet can call the function, and run up its bill.',
  fix: 'set AuthType to AWS_IAM, or put an API with an authorizer or a CloudFront distribution in front',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  check: eachProperty(['AWS::Lambda::Url'], 'AuthType', texts, (type) =>
    type === 'NONE' ? 'is open to everybody' : undefined,
  ),
};
