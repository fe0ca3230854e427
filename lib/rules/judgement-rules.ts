import { type Rule } from './rule';

/** What is said about the acknowledgements themselves. They judge no resource, so a list of rules does not run them. */
export const staleAcknowledgement: Omit<Rule, 'check'> = {
  id: 'StaleAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement still matches a finding',
  why: 'One that matches nothing hides the next finding of its kind, which nobody has looked at.',
  fix: 'remove the acknowledgement',
  source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html',
};

/** An acknowledgement whose day is over. */
export const expiredAcknowledgement: Omit<Rule, 'check'> = {
  id: 'ExpiredAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement has not expired',
  why: 'The team accepted the finding until a day that has passed; the finding counts again.',
  fix: 'correct what was acknowledged, or acknowledge it anew with a later day',
  source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html',
};

/** Something in the metadata of a template that was meant as an acknowledgement. */
export const malformedAcknowledgement: Omit<Rule, 'check'> = {
  id: 'MalformedAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement in a template names a rule and gives a reason',
  why: 'One that does not is passed over, and its finding counts.',
  fix: 'write a list of { rule, reason, expires } under Metadata.Lintel.acknowledge; expires may be left out',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-metadata.html',
};

/** A nested stack whose template is elsewhere. */
export const nestedStackTemplate: Omit<Rule, 'check'> = {
  id: 'NestedStackTemplate',
  severity: 'warning',
  title: 'The template of every nested stack is at hand',
  why: 'What is in a template that was not read is not judged.',
  fix: 'judge the template of the nested stack as well',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html',
};

/** A resource that another tool turns into others. */
export const unexpandedResource: Omit<Rule, 'check'> = {
  id: 'UnexpandedResource',
  severity: 'warning',
  title: 'Every resource is one that CloudFormation deploys',
  why: 'What a resource stands for is not judged where its expansion is not known here.',
  fix: 'judge the template that CloudFormation makes of it: aws cloudformation get-template --template-stage Processed',
  source: 'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html',
};

/** Those of them that a report may name, beside the rules that were run. */
export const JUDGEMENT_RULES: readonly Omit<Rule, 'check'>[] = [
  staleAcknowledgement,
  expiredAcknowledgement,
  malformedAcknowledgement,
  nestedStackTemplate,
  unexpandedResource,
];
