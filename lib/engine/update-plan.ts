/** Effects of a run that follows the facts of an open case belong to that change: the case's own plan has its effects already. */
export function isUpdatePlan(plan: string): boolean {
  return plan.startsWith('u');
}
