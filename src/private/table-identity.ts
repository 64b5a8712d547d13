import { DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isTableResource, literalTableName } from './table-resource';

/** A session table or one of DynamoDB's table constructs. */
interface IdentifiableTable extends IConstruct {
  readonly tableName: string;
  readonly tableArn: string;
}

/** Identifies a table: by its name or, if CloudFormation generates the name, by the path of its resource. */
export function tableIdentity(table: IdentifiableTable): string {
  const arn = Tokenization.reverse(table.tableArn, { failConcat: false });
  return Reference.isReference(arn) && isTableResource(arn.target) ? nameOrPath(arn.target) : identityOf(table, table.tableName);
}

/** Returns the identity of the table that a value names; for any other value, its text. */
export function identityOf(scope: IConstruct, value: unknown): string {
  return asText(Tokenization.resolve(value, { scope, resolver: PATH_RESOLVER, preparing: false }));
}

function nameOrPath(target: IConstruct): string {
  return (isTableResource(target) ? literalTableName(target) : undefined) ?? target.node.path;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Resolves references to the path of the construct that they refer to. Ordinary resolution is not suitable for comparing:
 * resources of two stacks can have the same logical id, and resolving a reference across environments gives its resource a
 * physical name.
 */
class PathResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left, right) => [left, right].filter((part) => part !== undefined).map(asText).join('') });
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (!Reference.isReference(token)) {
      return super.resolveToken(token, context, postProcessor);
    }
    const { target, displayName } = token;
    return displayName === 'Ref' ? nameOrPath(target) : `${target.node.path}.${displayName}`;
  }
}

const PATH_RESOLVER = new PathResolver();
