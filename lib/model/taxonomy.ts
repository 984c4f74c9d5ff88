/** The closed list of exception codes (taxonomy v1) with severity and service clocks. Adding a code is a minor version, removing one a major. */

export const severities = ['S1', 'S2', 'S3', 'S4'] as const;
export type Severity = (typeof severities)[number];

export const slaTiers = ['STANDARD', 'PRIORITY', 'STRATEGIC'] as const;
export type SlaTier = (typeof slaTiers)[number];

export interface ExceptionKind {
  /** What it is called on a screen. */
  title: string;
  severity: Severity;
  /** Business hours to acknowledge, for the STANDARD tier. */
  acknowledgeHours: number;
  /** Business hours to resolve, for the STANDARD tier. */
  resolveHours: number;
  /** Technical problems of the integration itself are alerted apart from business ones. */
  nature: 'business' | 'technical';
}

const kind = (
  title: string,
  severity: Severity,
  acknowledgeHours: number,
  resolveHours: number,
  nature: ExceptionKind['nature'] = 'business',
): ExceptionKind => ({ title, severity, acknowledgeHours, resolveHours, nature });

export const exceptionKinds = {
  LABEL_GENERATION_FAILED: kind('Label generation failed', 'S2', 0.5, 4),
  CARRIER_REJECTED: kind('Carrier rejected', 'S2', 1, 8),
  PICKUP_MISSED: kind('Pickup missed', 'S3', 1, 8),
  INVENTORY_SHORT_PICK: kind('Short pick', 'S2', 0.5, 4),
  PARTIALLY_FULFILLED: kind('Partially fulfilled', 'S3', 2, 16),
  ASN_MISMATCH: kind('ASN mismatch', 'S3', 2, 24),
  ADDRESS_INVALID: kind('Address invalid', 'S3', 1, 8),
  COMPLIANCE_BLOCK: kind('Compliance block', 'S1', 0.5, 8),
  CUSTOMS_HOLD: kind('Customs hold', 'S2', 1, 24),
  CARRIER_HOLD: kind('Carrier hold', 'S3', 2, 16),
  TRANSIT_DELAYED: kind('Transit delayed', 'S3', 2, 24),
  FINAL_MILE_DELAYED: kind('Final mile delayed', 'S3', 1, 8),
  TRACKING_STALLED: kind('Tracking stalled', 'S3', 2, 24),
  DELIVERY_ATTEMPT_FAILED: kind('Delivery attempt failed', 'S3', 1, 16),
  MISROUTED: kind('Misrouted', 'S3', 1, 16),
  DAMAGED: kind('Damaged', 'S2', 1, 24),
  CONDITION_BREACH: kind('Condition breach', 'S2', 0.5, 8),
  LOST: kind('Lost', 'S1', 1, 24),
  REFUSED: kind('Refused', 'S3', 2, 24),
  UNDELIVERABLE: kind('Undeliverable', 'S2', 1, 16),
  RETURNED_TO_SENDER: kind('Returned to sender', 'S3', 4, 40),
  POD_DISCREPANCY: kind('Proof of delivery discrepancy', 'S2', 1, 16),
  SHIPMENT_CANCELLED: kind('Shipment cancelled', 'S2', 1, 8),
  IDENTIFIER_UNRESOLVED: kind('Identifier unresolved', 'S3', 1, 8),
  UNMAPPED_STATUS: kind('Unmapped status', 'S4', 8, 40, 'technical'),
  INTEGRATION_FAILURE: kind('Integration failure', 'S2', 0.5, 4, 'technical'),
} as const satisfies Record<string, ExceptionKind>;

export type ExceptionCode = keyof typeof exceptionKinds;
export const exceptionCodes = Object.keys(exceptionKinds) as [ExceptionCode, ...ExceptionCode[]];

const tierFactor: Record<SlaTier, number> = { STANDARD: 1, PRIORITY: 0.5, STRATEGIC: 0.25 };

/** Business hours a tier allows to acknowledge and to resolve a code. */
export function clockHours(code: ExceptionCode, tier: SlaTier): { acknowledge: number; resolve: number } {
  const { acknowledgeHours, resolveHours } = exceptionKinds[code];
  return { acknowledge: acknowledgeHours * tierFactor[tier], resolve: resolveHours * tierFactor[tier] };
}

/**
 * Severity of a case: the code's own, one step up when slack to the promised date is under 24 h or the tier
 * is STRATEGIC. S1 is the cap.
 * @param slackMs milliseconds from now to the promised delivery; undefined when nothing was promised
 */
export function severityOf(code: ExceptionCode, tier: SlaTier, slackMs: number | undefined): Severity {
  const base = severities.indexOf(exceptionKinds[code].severity);
  const urgent = tier === 'STRATEGIC' || (slackMs !== undefined && slackMs < 24 * 3_600_000);
  return severities[Math.max(0, base - (urgent ? 1 : 0))] as Severity;
}
