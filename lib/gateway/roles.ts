/** Roles: a ladder of viewer, operator and supervisor; `analyst` sees what a viewer sees and owns flows; `admin` may do everything. */
export const roles = ['viewer', 'operator', 'supervisor', 'analyst', 'admin'] as const;
export type Role = (typeof roles)[number];

const grants: Record<Role, ReadonlySet<Role>> = {
  viewer: new Set<Role>(['viewer']),
  operator: new Set<Role>(['viewer', 'operator']),
  supervisor: new Set<Role>(['viewer', 'operator', 'supervisor']),
  analyst: new Set<Role>(['viewer', 'analyst']),
  admin: new Set<Role>(roles),
};

/** True when somebody with role `held` may do what asks for role `needed`. */
export function permits(held: Role, needed: Role): boolean {
  return grants[held].has(needed);
}
