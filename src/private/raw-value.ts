import { DefaultTokenResolver, IResolvable, IResolveContext, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Returns the value of a token without resolving the tokens inside it: that would fix the value of every `Lazy` among them,
 * before the app has finished building it.
 */
export function rawValue(scope: IConstruct, value: unknown): any {
  let raw = value;
  while (Tokenization.isResolvable(raw)) {
    const once = new ResolveOnce();
    Tokenization.resolve(raw, { scope, resolver: once, preparing: false });
    raw = once.result;
  }
  return raw;
}

class ResolveOnce extends DefaultTokenResolver {
  public result: unknown;

  constructor() {
    super(new StringConcat());
  }

  override resolveToken(token: IResolvable, context: IResolveContext): any {
    this.result = token.resolve(context);
    return undefined;
  }
}
