/** Starting point for a short pick: split, reallocate or backorder. Regions clone it and change the numbers. */
import { type PolicyTable, policyTable } from '../policy-table';

export const shortPickPolicy: PolicyTable = policyTable.parse({
  name: 'short-pick',
  version: '1.0.0',
  title: 'Short pick: split, reallocate or backorder',
  inputs: [
    {
      name: 'fillRatio',
      type: 'number',
      min: 0,
      max: 1,
      description: 'Picked quantity over ordered quantity',
    },
    { name: 'allowsPartial', type: 'boolean', description: 'The customer takes partial deliveries' },
    { name: 'shipComplete', type: 'boolean', description: 'The order may only ship as a whole' },
    {
      name: 'alternateStock',
      type: 'number',
      min: 0,
      maxAgeMinutes: 15,
      description: 'The best other location, its free stock over the missing quantity',
    },
    {
      name: 'backorderEta',
      type: 'number',
      min: 0,
      required: false,
      maxAgeMinutes: 240,
      description: 'Days until the missing quantity is back in stock; absent when nobody knows',
    },
    {
      name: 'splitCostPct',
      type: 'number',
      min: 0,
      description: 'Extra cost of a second shipment in per cent of the order value',
    },
    { name: 'region', type: 'string', required: false, description: 'ISO 3166' },
    { name: 'slaTier', type: 'enum', values: ['STANDARD', 'PRIORITY', 'STRATEGIC'] },
    {
      name: 'approvalLimit',
      type: 'enum',
      values: ['WITHIN', 'ABOVE'],
      description: 'Whether the order value is within what may be decided without a person',
    },
  ],
  outputs: [
    { name: 'outcome', values: ['SPLIT', 'REALLOCATE', 'BACKORDER', 'MANUAL'] },
    { name: 'reallocate', values: ['LINES', 'ORDER'], description: 'What moves to the other location' },
    {
      name: 'rest',
      values: ['BACKORDER'],
      description: 'What becomes of the quantity that is still missing',
    },
  ],
  rows: [
    { when: { approvalLimit: '"ABOVE"' }, then: { outcome: 'MANUAL' }, note: 'above the approval limit' },
    {
      when: { shipComplete: 'true', alternateStock: '>= 1' },
      then: { outcome: 'REALLOCATE', reallocate: 'ORDER' },
      note: 'must ship whole, another location has it all',
    },
    {
      when: { slaTier: '"STRATEGIC"', allowsPartial: 'true', alternateStock: '>= 1' },
      then: { outcome: 'REALLOCATE', reallocate: 'LINES' },
      note: 'strategic customer, whatever the second shipment costs',
    },
    {
      when: { allowsPartial: 'true', alternateStock: '>= 1', splitCostPct: '<= 10' },
      then: { outcome: 'REALLOCATE', reallocate: 'LINES' },
      note: 'another location ships the rest cheaply',
    },
    {
      when: {
        shipComplete: 'false',
        allowsPartial: 'true',
        fillRatio: '>= 0.5',
        splitCostPct: '<= 15',
        backorderEta: '<= 10',
      },
      then: { outcome: 'SPLIT', rest: 'BACKORDER' },
      note: 'ship what is there, the rest follows',
    },
    {
      when: {
        shipComplete: 'false',
        allowsPartial: 'true',
        fillRatio: '> 0',
        slaTier: '"PRIORITY", "STRATEGIC"',
        splitCostPct: '<= 40',
      },
      then: { outcome: 'SPLIT', rest: 'BACKORDER' },
      note: 'a valued customer gets what is there',
    },
    {
      when: { slaTier: '"STRATEGIC"', backorderEta: '<= 2' },
      then: { outcome: 'BACKORDER' },
      note: 'back in stock within two days',
    },
    {
      when: { slaTier: '"STANDARD", "PRIORITY"', backorderEta: '<= 10' },
      then: { outcome: 'BACKORDER' },
      note: 'back in stock within ten days',
    },
    { when: {}, then: { outcome: 'MANUAL' }, note: 'nothing fits' },
  ],
});
