import { canHave } from '../../../core/iam/action-resources';
import { ModelAccess } from '../../../core/iam/model-access';
import { listOf } from '../../../core/iam/policy';
import { areOfPolicyTemplate } from '../../../core/model/sam/policy-templates';
import { identityStatements, once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

/** CDK grants stream readers this too; they do not need to list all streams. */
const WRITTEN_BY_CDK = ['dynamodb:ListStreams', 'kinesis:ListStreams'];

export const actionResource: Rule = {
  id: 'ActionResource',
  severity: 'warning',
  title: 'A policy pairs actions with resources they apply to',
  why: 'IAM accepts any pair: an action on the wrong kind of resource allows nothing, and the call is refused at run time.',
  fix: 'name the resource that the action applies to: for S3 the bucket itself, or its objects as bucket/*',
  source:
    'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  const { names } = ModelAccess.of(model);
  const isBucket = (arn: string): boolean => {
    const found = names.find(arn);
    return found?.resource.type === 'AWS::S3::Bucket' && found.rest === '';
  };
  for (const { statement, holder, property } of identityStatements(model)) {
    const resources = listOf(statement.Resource);
    if (statement.Effect !== 'Allow' || resources.length === 0) continue;
    if (areOfPolicyTemplate(listOf(statement.Action))) continue;
    const fits = (action: string): boolean =>
      /[*?]/.test(action) || resources.some((resource) => canHave(action, resource, isBucket));
    for (const action of listOf(statement.Action)) {
      if (fits(action)) continue;
      if (WRITTEN_BY_CDK.includes(action)) continue;
      const shown = names.show(resources[0]!);
      const message = `allows ${action} on ${shown}${resources.length > 1 ? ' and others' : ''}, to which it does not apply`;
      yield { resource: holder, property: `${property}.Resource`, message, detail: action };
    }
  }
}
