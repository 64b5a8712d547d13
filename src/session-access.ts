import { Mixin } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import type { ISessionTable } from './i-session-table';
import { Attachable, isAttachable } from './private/attachable';
import { isReadOnly } from './private/attachment';
import type { IFunctionFilter, SessionAccessProps } from './session-access-props';

/**
 * A mixin that attaches functions to a session table.
 *
 * It leaves out functions that CDK makes for itself (for custom resources, for example), functions that run on Lambda@Edge, and
 * functions that are already attached read-only. To attach functions that are added later, use `attachAll()` of the session table.
 *
 * @example
 * declare const sessions: SessionTable;
 * Mixins.of(this).apply(new SessionAccess(sessions));
 */
export class SessionAccess extends Mixin {
  private readonly filter?: IFunctionFilter;

  /**
   * @param sessionTable the table to attach the functions to
   * @param props which functions use sessions
   */
  constructor(private readonly sessionTable: ISessionTable, props: SessionAccessProps = {}) {
    super();
    this.filter = props.filter;
  }

  /**
   * Whether a construct is a function that this mixin attaches.
   *
   * @param construct the construct
   */
  public supports(construct: IConstruct): boolean {
    return isAttachable(construct)
      && (this.filter === undefined || this.filter.selects(construct))
      && !isReadOnly(construct, this.sessionTable);
  }

  /**
   * Attaches a function to the session table.
   *
   * @param construct the function
   */
  public applyTo(construct: IConstruct): void {
    this.sessionTable.attach(construct as Attachable);
  }
}
