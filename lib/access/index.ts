export { type AccessPolicies, type AccessRequest, type Decision, evaluate, type Verdict } from '../core/iam/evaluate';
export { type Context, type ContextValue } from '../core/iam/context';
export {
  type Conditions,
  type ConditionValue,
  type OneOrMany,
  type PolicyDocument,
  type PrincipalElement,
  type Statement,
} from '../core/iam/policy';
export { type AccessEntry, accessMatrix, type AccessMatrix } from './matrix';
export { type Through } from '../core/iam/holdings';
export { type Principal, type PrincipalKind } from '../core/iam/principals';
export { type AccessLevel } from '../core/iam/actions';
export { type AccessChange, type AccessDiff, type ChangeReason, diffAccess } from './diff';
export { type AccessPath, accessPaths, type PathStep } from './paths';
export { type AcceptedChange, review, type ReviewedDiff, type ReviewOptions } from './review';
export {
  narrowAccess,
  type NarrowedAccess,
  type ResourceActions,
  type TemplatePolicy,
  UnknownFunctionError,
  type UsageReport,
} from './narrow';
export { type EventFlow, type EventPublisher, type EventSubscription, flowOf } from './events/flow';
export { eventsMermaid } from './report/events';
export { type PolicyResource } from './policy-resource';
export { read, ReadError } from '../core/model';
export { type Model } from '../core/model/model';
