/**
 * Labels of the corpus that are certainly wrong, by file, with what the payload says instead and why. Nothing gets in here
 * because it is inconvenient.
 */
export const disputedLabels: Readonly<Record<string, { label: string; why: string }>> = {};
