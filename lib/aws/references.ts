import {
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  StringConcat,
  Tokenization,
  type TokenizedStringFragments,
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

/**
 * A value as it will be in the template, with texts in place of intrinsics. References in texts are left out: to resolve one
 * takes longer than all else.
 */
export function withoutReferences(user: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope: user, resolver: LEAVING_OUT, preparing: false });
}

const LEAVING_OUT = new (class extends DefaultTokenResolver {
  override resolveString(fragments: TokenizedStringFragments, context: IResolveContext): unknown {
    const mapToken = (token: IResolvable) => (Reference.isReference(token) ? '' : token) as IResolvable;
    return super.resolveString(fragments.mapTokens({ mapToken }), context);
  }
})({ join: (left: unknown, right: unknown) => textOf(left) + textOf(right) });

function textOf(part: unknown): string {
  return typeof part === 'string' ? part : (JSON.stringify(part) ?? '');
}
