import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * A value with its tokens resolved, references to the path of the construct that they lead to.
 *
 * Resolving in the ordinary way would not do for looking and comparing: resources of two stacks may have the same logical
 * id, and resolving a reference across environments gives its resource a physical name.
 */
export function resolveToPaths(scope: IConstruct, value: unknown): any {
  return Tokenization.resolve(value, { scope, resolver: PATH_RESOLVER, preparing: false });
}

/** A value as text that tells what it is. */
export function identityOf(scope: IConstruct, value: unknown): string {
  return asText(resolveToPaths(scope, value));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

class PathResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left, right) => [left, right].filter((part) => part !== undefined).map(asText).join('') });
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (!Reference.isReference(token)) {
      return super.resolveToken(token, context, postProcessor);
    }
    const { target, displayName } = token;
    return displayName === 'Ref' ? target.node.path : `${target.node.path}.${displayName}`;
  }
}

const PATH_RESOLVER = new PathResolver();
