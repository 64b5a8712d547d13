import type { TableVariable } from './attachment';
import { tableIdentity } from './table-identity';
import type { ISessionTable } from '../i-session-table';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../shared-with-runtime/table-schema';

/** The environment variables by which the runtime finds a session table, and its collections table if there is one. */
export function tableVariables(sessions: ISessionTable): TableVariable[] {
  const { collectionsTable } = sessions;
  return [
    { name: TABLE_NAME_ENVIRONMENT_VARIABLE, value: sessions.tableName, identity: tableIdentity(sessions) },
    ...collectionsTable === undefined ? [] : [
      { name: COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, value: collectionsTable.tableName, identity: tableIdentity(collectionsTable) },
    ],
  ];
}
