import type { TableVariable } from './attachment';
import { tableIdentity } from './table-identity';
import type { ISessionTable } from '../i-session-table';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../shared-with-runtime/table-schema';

/** The environment variables by which the runtime finds a session table. */
export function tableVariables(sessions: ISessionTable): TableVariable[] {
  return [{ name: TABLE_NAME_ENVIRONMENT_VARIABLE, value: sessions.tableName, identity: tableIdentity(sessions) }];
}
