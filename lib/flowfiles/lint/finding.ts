/** What a check of flow files has to say. */
export interface Finding {
  /** Stable, for programs. */
  code: string;
  /** An error refuses the deploy. */
  severity: 'error' | 'warning';
  flowId: string;
  node?: string;
  name?: string;
  property?: string;
  /** A sentence for a person. */
  message: string;
}

export interface FindingCounts {
  errors: number;
  warnings: number;
}

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}
