export { type AccessPolicies, type AccessRequest, type Decision, evaluate, type Verdict } from './evaluate';
export { type Context, type ContextValue } from './context';
export {
  type Conditions,
  type ConditionValue,
  type OneOrMany,
  type PolicyDocument,
  type PrincipalElement,
  type Statement,
} from '../core/iam/policy';
