import { DefaultTokenResolver, IResolvable, IResolveContext, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * What a token stands for, with the tokens inside it left as they are: resolving those would fix the value of every `Lazy`
 * among them, long before whoever made it has finished.
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
