import { type Model, type Resource } from '../../core/model/model';
import { at, items } from '../../core/model/select';
import { indexed } from './indexed';
import { type Statement, statementsAt } from './policies';

/** Types that are an identity with policies of its own. */
export const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

const POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];

/** Every statement of every identity policy of a model: inline ones, attached ones, managed ones of the team's own. */
export const identityStatements = indexed((model: Model): readonly Statement[] => [
  ...model.ofType(...IDENTITIES).flatMap(inline),
  ...model.ofType(...POLICIES).flatMap((policy) => statementsAt(policy, 'PolicyDocument')),
]);

function inline(identity: Resource): Statement[] {
  return items(at(identity, 'Policies')).flatMap((_, index) =>
    statementsAt(identity, `Policies.${index}.PolicyDocument`),
  );
}
