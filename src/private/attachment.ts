import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Attachable, environmentToAttach } from './attachable';
import { environmentOf, FunctionEnvironment } from './function-environment';
import { identityOf, tableIdentity } from './table-identity';
import type { ISessionTable } from '../i-session-table';
import { READ_AND_WRITE, READ_ONLY, READ_ONLY_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../shared-with-runtime/table-schema';

/** An environment variable that names a table. */
export interface TableVariable {
  readonly name: string;
  readonly value: string;
  /** Identifies the table, however the value refers to it. */
  readonly identity: string;
}

/** What a function gets when it is attached. */
export interface SessionsToAttach {
  /** The session table that the function is attached to. */
  readonly sessions: IConstruct;
  readonly variables: TableVariable[];
  readonly readOnly: boolean;
  /** @throws if the function could not reach the table */
  assertReachable(fn: IConstruct): void;
  grant(grantee: iam.IGrantable): iam.Grant;
}

/** What a function has been given so far, by any construct for the same table. */
interface Attachment {
  readonly readOnly: boolean;
  readonly variables: Map<string, TableVariable>;
  readonly grants: Map<IConstruct, iam.Grant>;
}

/** Stored on the function itself, so that every session table of the app sees it, including those of another copy of this package. */
const ATTACHMENT = Symbol.for('cdk-session-table.attachment');

/**
 * Attaches a function to a session table. Attaching it again changes nothing.
 *
 * @throws if the function cannot be attached, or is already attached differently
 */
export function attach(fn: iam.IGrantable, table: SessionsToAttach): iam.Grant {
  const environment = environmentToAttach(fn, table.sessions);
  const construct = fn as Attachable;
  const held = attachmentOf(environment);
  assertSameTables(construct, environment, table);
  assertSameAccess(construct, environment, table);

  const attachment = held ?? beginAttachment(construct, environment, table.readOnly);
  const granted = attachment.grants.get(table.sessions);
  if (granted !== undefined) {
    return granted;
  }
  table.assertReachable(construct);
  for (const variable of table.variables) {
    environment.set(variable.name, variable.value);
    attachment.variables.set(variable.name, variable);
  }
  if (table.readOnly) {
    environment.set(READ_ONLY_ENVIRONMENT_VARIABLE, READ_ONLY);
  }
  const grant = table.grant(construct);
  attachment.grants.set(table.sessions, grant);
  return grant;
}

/** Whether a function may only read the sessions of a table. */
export function isReadOnly(construct: IConstruct, sessions: ISessionTable): boolean {
  const environment = environmentOf(construct);
  return environment !== undefined && saysReadOnly(environment)
    && identityIn(environment, TABLE_NAME_ENVIRONMENT_VARIABLE) === tableIdentity(sessions);
}

function attachmentOf({ owner }: FunctionEnvironment): Attachment | undefined {
  return (owner as { [ATTACHMENT]?: Attachment })[ATTACHMENT];
}

function beginAttachment(construct: IConstruct, environment: FunctionEnvironment, readOnly: boolean): Attachment {
  const attachment: Attachment = { readOnly, variables: new Map(), grants: new Map() };
  Object.defineProperty(environment.owner, ATTACHMENT, { value: attachment });
  // Variables that are set later overwrite these silently.
  construct.node.addValidation({ validate: () => [...overwrittenTables(environment, attachment), ...overwrittenAccess(environment, attachment)] });
  return attachment;
}

function assertSameTables(fn: IConstruct, environment: FunctionEnvironment, { variables }: SessionsToAttach): void {
  for (const { name, identity } of variables) {
    const other = identityIn(environment, name);
    if (other !== undefined && other !== identity) {
      throw new Error(
        `[${fn.node.path}] cannot be attached to the session table '${identity}': its environment variable ${name} already names '${other}'. `
        + 'A function has one session table: attach it to one, and leave the variable to attach()',
      );
    }
  }
}

function assertSameAccess(fn: IConstruct, environment: FunctionEnvironment, { sessions, readOnly }: SessionsToAttach): void {
  const refused = `[${fn.node.path}] cannot be attached to the session table '${sessions.node.path}'`;
  if (!readOnly && saysReadOnly(environment)) {
    throw new Error(
      `${refused} to write: its environment variable ${READ_ONLY_ENVIRONMENT_VARIABLE} is set, as attachReadOnly() does. `
      + 'Use either attach() or attachReadOnly()',
    );
  }
  if (readOnly && attachmentOf(environment)?.readOnly === false) {
    throw new Error(`${refused} to read only: it is attached to write already. Use either attach() or attachReadOnly()`);
  }
}

function overwrittenTables(environment: FunctionEnvironment, { variables }: Attachment): string[] {
  return [...variables.values()].flatMap(({ name, identity }) => {
    const found = identityIn(environment, name);
    return found === identity || found === undefined ? [] : [
      `${name} was set to '${found}' after the function had been attached to the session table '${identity}'. Leave the variable to attach()`,
    ];
  });
}

function overwrittenAccess(environment: FunctionEnvironment, { readOnly }: Attachment): string[] {
  const found = environment.get(READ_ONLY_ENVIRONMENT_VARIABLE);
  return saysReadOnly(environment) === readOnly || (readOnly && found === undefined) ? [] : [
    `${READ_ONLY_ENVIRONMENT_VARIABLE} was set to '${identityOf(environment.owner, found)}' after the function had been attached `
    + `${readOnly ? 'to read only' : 'to write'}. Leave the variable to attachReadOnly()`,
  ];
}

function saysReadOnly(environment: FunctionEnvironment): boolean {
  const value = environment.get(READ_ONLY_ENVIRONMENT_VARIABLE);
  return value !== undefined && !READ_AND_WRITE.includes(identityOf(environment.owner, value).trim().toLowerCase());
}

/** Which table a variable names; values set by attach() keep the identity they were set with. */
function identityIn(environment: FunctionEnvironment, name: string): string | undefined {
  const value = environment.get(name);
  const held = attachmentOf(environment)?.variables.get(name);
  return value === undefined ? undefined : value === held?.value ? held?.identity : identityOf(environment.owner, value);
}
