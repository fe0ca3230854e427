import type { PolicyDocument, Statement } from '../../access';
import type { AccessJudge } from './access';
import type { Deployment } from './deployment';
import type { Functions, FunctionTarget } from './functions';
import { text } from './json';

/** Who may invoke which function, by the `AWS::Lambda::Permission`s of the templates. */
export class InvokePermissions {
  /** The permissions of all templates. */
  constructor(
    private readonly deployment: Deployment,
    private readonly functions: Functions,
    private readonly access: AccessJudge,
  ) {}

  /**
   * Whether a service may invoke a function on behalf of a resource.
   * @param service `apigateway.amazonaws.com`
   * @param source the ARN of what calls: a route of an API, a rule
   */
  allow(target: FunctionTarget, service: string, source: string): boolean {
    const need = {
      action: 'lambda:InvokeFunction',
      resource: target.arn,
      resourcePolicy: this.policyOf(target),
    };
    return this.access.servicePermitted(service, need, { arn: source });
  }

  /** The policy of a function, alias or version. A permission on the function does not extend to its aliases. */
  policyOf(target: FunctionTarget): PolicyDocument {
    const permissions = this.deployment.ofType('AWS::Lambda::Permission').filter(({ properties }) => {
      const named = this.functions.target(text(properties.FunctionName) ?? '');
      return named?.function === target.function && named.qualifier === target.qualifier;
    });
    return { Version: '2012-10-17', Statement: permissions.map(({ properties }) => statement(properties, target)) };
  }
}

function statement(properties: Readonly<Record<string, unknown>>, { arn }: FunctionTarget): Statement {
  const principal = text(properties.Principal) ?? '';
  const keys = [
    ['StringEquals', 'aws:SourceAccount', text(properties.SourceAccount)],
    ['StringEquals', 'aws:PrincipalOrgID', text(properties.PrincipalOrgID)],
    ['StringEquals', 'lambda:EventSourceToken', text(properties.EventSourceToken)],
    ['StringEquals', 'lambda:FunctionUrlAuthType', text(properties.FunctionUrlAuthType)],
    ['ArnLike', 'aws:SourceArn', text(properties.SourceArn)],
  ] as const;
  const conditions: Record<string, Record<string, string>> = {};
  for (const [operator, key, value] of keys) {
    if (value !== undefined) (conditions[operator] ??= {})[key] = value;
  }
  return {
    Effect: 'Allow',
    Principal:
      principal === '*' ? '*' : principal.includes('.amazonaws.') ? { Service: principal } : { AWS: principal },
    Action: text(properties.Action) ?? '',
    Resource: arn,
    Condition: conditions,
  };
}
