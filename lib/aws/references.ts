import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  StringConcat,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The constructs a value refers to, however deeply nested in intrinsics. */
export function referencedBy(user: IConstruct, value: unknown): IConstruct[] {
  const targets: IConstruct[] = [];
  const resolver = new (class extends DefaultTokenResolver {
    override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      if (Reference.isReference(token)) targets.push(token.target);
      return super.resolveToken(token, context, postProcessor);
    }
  })(new StringConcat());
  Tokenization.resolve(value, { scope: user, resolver, preparing: true });
  return targets;
}
