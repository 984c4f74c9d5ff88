/**
 * Systems with a pact: the only list of them. Their pacts are written from their fixtures by `node scripts/generate-pacts.mjs`; a system that is
 * not registered, or has no fixtures of a kind, has none of that kind.
 */
export const providers = ['easypost', 'request-tracker', 's4hana', 'shopify'] as const;
