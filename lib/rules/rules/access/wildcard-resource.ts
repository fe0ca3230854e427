import { findAction, matchingActions } from '../../../core/iam/actions';
import { listOf, type Statement } from '../../../core/iam/policy';
import { conditionsOf, grantingStatements, once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

/** Condition keys that narrow `*` to certain resources. */
const NARROWING =
  /^aws:(?:resourcetag\/|resourceaccount$|resourceorgid$|resourceorgpaths$)|^[\w-]+:resourcetag\/|^kms:(?:viaservice|encryptioncontext)|^(?:cloudwatch:namespace|ec2:(?:subnet|vpc)|ecs:cluster|lambda:functionarn|s3:resourceaccount)$/;

/**
 * Actions that AWS's own guides allow on every resource, as its ids are unknown in advance: the network interfaces that
 * Lambda creates for a function in a VPC, and the instance that an agent runs on.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
const ASKED_FOR = new Set([
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:UnassignPrivateIpAddresses',
  'ssm:UpdateInstanceInformation',
]);

/** Actions with a resource only in special cases: without a custom lexicon, dataset or model there is none to name. */
const MOSTLY_WITHOUT = new Set([
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
  'cloudwatch:PutMetricData',
  'comprehend:DetectEntities',
  'polly:StartSpeechSynthesisStream',
  'polly:StartSpeechSynthesisTask',
  'polly:SynthesizeSpeech',
  'rekognition:DetectModerationLabels',
  'translate:StartTextTranslationJob',
  'translate:TranslateDocument',
  'translate:TranslateText',
]);

export const wildcardResource: Rule = {
  id: 'WildcardResource',
  severity: 'warning',
  title: 'A policy names resources, if its actions support them',
  why: 'The permission covers every resource in the account, including those of other applications and teams.',
  fix: 'name the resources; put actions that support none into a separate statement',
  source:
    'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  for (const { statement, holder, property } of grantingStatements(model)) {
    const { Effect, Action, Resource } = statement;
    if (Effect !== 'Allow' || !listOf(Resource).includes('*') || listOf(Action).includes('*')) continue;
    if (conditionsOf(statement).some(({ key }) => NARROWING.test(key))) continue;
    const narrowable = narrowableActions(statement);
    if (narrowable.length === 0) continue;
    const more = narrowable.length > 3 ? ` and ${narrowable.length - 3} more` : '';
    yield {
      resource: holder,
      property: `${property}.Resource`,
      message: `allows ${narrowable.slice(0, 3).join(', ')}${more} on every resource`,
      detail: narrowable.join(','),
    };
  }
}

/** The actions, as written, that support resources. */
function narrowableActions({ Action }: Statement): string[] {
  return listOf(Action).filter((action) =>
    /[*?]/.test(action)
      ? matchingActions(action).some(({ hasResources }) => hasResources)
      : !ASKED_FOR.has(action) && !MOSTLY_WITHOUT.has(action) && (findAction(action)?.hasResources ?? false),
  );
}
