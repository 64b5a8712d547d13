import { Mixin } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { IConstruct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { isReadOnly } from './private/function-environment';
import type { IFunctionFilter, SessionAccessProps } from './session-access-props';

/** CDK puts metadata of such types on the functions that it makes itself. */
const OWN_FUNCTION_OF_CDK = 'aws:cdk:is-custom-resource-handler';

/**
 * A mixin that attaches functions to a session table.
 *
 * Left out are the functions that CDK itself makes for custom resources and the like, and functions that are attached
 * read-only already. For functions that are added later there is `attachAll()` of the session table.
 *
 * @example
 * declare const sessions: SessionTable;
 * Mixins.of(this).apply(new SessionAccess(sessions));
 */
export class SessionAccess extends Mixin {
  private readonly filter?: IFunctionFilter;

  /**
   * @param sessionTable the table that the functions are attached to
   * @param props which functions are meant
   */
  constructor(private readonly sessionTable: ISessionTable, props: SessionAccessProps = {}) {
    super();
    this.filter = props.filter;
  }

  /**
   * Whether a construct is a function that is meant.
   *
   * @param construct the construct
   */
  public supports(construct: IConstruct): boolean {
    return construct instanceof lambda.Function
      && !isMadeByCdk(construct)
      && !isReadOnly(construct, this.sessionTable.tableName)
      && (this.filter === undefined || this.filter.selects(construct));
  }

  /**
   * Attaches a function to the session table.
   *
   * @param construct the function
   */
  public applyTo(construct: IConstruct): void {
    this.sessionTable.attach(construct as lambda.Function);
  }
}

function isMadeByCdk(fn: lambda.Function): boolean {
  return fn.node.scope instanceof Provider || fn.node.metadata.some(({ type }) => type.startsWith(OWN_FUNCTION_OF_CDK));
}
