import type { UnreadKind } from '../core/model/model';
import { UNREAD_WORDS } from '../core/model/unread';
import type { Rule } from './rule';

/** Findings about the acknowledgements themselves. They judge no resource, so no list of rules runs them. */
export const staleAcknowledgement: Omit<Rule, 'check'> = {
  id: 'StaleAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement still matches a finding',
  why: 'One that matches nothing hides the next finding of its kind, which nobody has reviewed.',
  fix: 'remove the acknowledgement',
  source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html',
};

/** An acknowledgement past its last day. */
export const expiredAcknowledgement: Omit<Rule, 'check'> = {
  id: 'ExpiredAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement has not expired',
  why: 'The team accepted the finding until a day that has passed; the finding counts again.',
  fix: 'fix the finding, or acknowledge it again with a later day',
  source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html',
};

/** Template metadata that was meant as an acknowledgement but is malformed. */
export const malformedAcknowledgement: Omit<Rule, 'check'> = {
  id: 'MalformedAcknowledgement',
  severity: 'warning',
  title: 'An acknowledgement in a template names a rule and gives a reason',
  why: 'One that does not is ignored, and its finding counts.',
  fix: 'write a list of { rule, reason, expires } under Metadata.Lintel.acknowledge; expires may be left out',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-metadata.html',
};

const NESTED_STACKS = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html';
const SAM = 'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html';

/** Findings about what was not read, by the reason. */
export const UNREAD_RULES: Readonly<Record<UnreadKind, Omit<Rule, 'check'>>> = {
  'nested-template': {
    id: 'NestedStackTemplate',
    severity: 'warning',
    title: 'The template of every nested stack is available',
    why: 'Nothing in a template that was not read is judged.',
    fix: UNREAD_WORDS['nested-template'].remedy,
    source: NESTED_STACKS,
  },
  file: {
    id: 'FileBesideTemplate',
    severity: 'warning',
    title: 'Every file that a template names is available',
    why: 'A definition that was not read is not judged, though it is deployed with the template.',
    fix: UNREAD_WORDS.file.remedy,
    source: SAM,
  },
  expansion: {
    id: 'UnexpandedResource',
    severity: 'warning',
    title: 'Every resource is one that CloudFormation deploys',
    why: 'A resource whose expansion is unknown here is not judged.',
    fix: UNREAD_WORDS.expansion.remedy,
    source: SAM,
  },
  transform: {
    id: 'MissingTransform',
    severity: 'warning',
    title: 'A template with SAM resources names their transform',
    why: 'Without it nothing expands them: CloudFormation refuses the template, and none of them is judged here.',
    fix: UNREAD_WORDS.transform.remedy,
    source: SAM,
  },
  translation: {
    id: 'UntranslatedType',
    severity: 'warning',
    title: 'Every resource that rules cover is of a translated type',
    why: 'Another provider names its properties differently, so rules for the resource do not see it.',
    fix: UNREAD_WORDS.translation.remedy,
    source: 'https://www.pulumi.com/registry/packages/aws/',
  },
  component: {
    id: 'RemoteComponent',
    severity: 'warning',
    title: 'Every component creates its resources in the program',
    why: 'What a component creates in its provider is not in the graph, so none of it is judged.',
    fix: UNREAD_WORDS.component.remedy,
    source: 'https://www.pulumi.com/docs/iac/concepts/resources/components/',
  },
};

/** Those that a report may name in addition to the rules that ran. */
export const JUDGEMENT_RULES: readonly Omit<Rule, 'check'>[] = [
  staleAcknowledgement,
  expiredAcknowledgement,
  malformedAcknowledgement,
  ...Object.values(UNREAD_RULES),
];
