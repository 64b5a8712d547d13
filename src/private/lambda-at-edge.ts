import { IConstruct } from 'constructs';

/** Whether a function runs at CloudFront's edge locations, where Lambda allows no environment variables: its role says so. */
export function runsAtEdge(construct: IConstruct): boolean {
  const { role, lambda } = construct as { role?: RoleWithTrust; lambda?: { role?: RoleWithTrust } };
  return [role, lambda?.role].some((one) => JSON.stringify(one?.assumeRolePolicy?.toJSON() ?? null).includes('edgelambda.amazonaws.com'));
}

interface RoleWithTrust {
  readonly assumeRolePolicy?: { toJSON(): unknown };
}
