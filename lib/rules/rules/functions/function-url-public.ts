import { eachProperty } from '../../each-property';
import { type Rule, texts } from '../../rule';

/** Authorization left to the application, or missing. */
const OPEN = ['NONE', 'ApplicationManaged'];

export const functionUrlPublic: Rule = {
  id: 'FunctionUrlPublic',
  severity: 'error',
  title: 'A URL or web endpoint of a function has authorization',
  why: 'With AuthType NONE or ApplicationManaged anyone on the internet can call the function and run up your bill.',
  fix: 'set AuthType to AWS_IAM, or put an API with an authorizer or a CloudFront distribution in front',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  check: eachProperty(['AWS::Lambda::Url', 'AWS::Lambda::WebFunctionEndpoint'], 'AuthType', texts, (type) =>
    OPEN.includes(type) ? 'is open to anyone' : undefined,
  ),
};
