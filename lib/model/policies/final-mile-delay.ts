/** Starting point for a delayed final mile: how much to do about it. The ETA goes to ERP and CRM in every case. */
import { type PolicyTable, policyTable } from '../policy-table';

export const finalMileDelayPolicy: PolicyTable = policyTable.parse({
  name: 'final-mile-delay',
  version: '1.0.0',
  title: 'Delayed final mile: expedite, open a service case, notify or only sync the ETA',
  inputs: [
    {
      name: 'delayMinutes',
      type: 'number',
      description: 'Minutes from the promised date to the estimate; negative while the promise can be kept',
    },
    { name: 'slaTier', type: 'enum', values: ['STANDARD', 'PRIORITY', 'STRATEGIC'] },
    {
      name: 'customerPriority',
      type: 'number',
      min: 1,
      max: 5,
      required: false,
      description: '1 is the highest',
    },
    {
      name: 'attemptCount',
      type: 'number',
      min: 0,
      required: false,
      description: 'Delivery attempts so far',
    },
  ],
  outputs: [
    { name: 'outcome', values: ['EXPEDITE', 'SERVICE_CASE', 'NOTIFY', 'SYNC_ETA', 'MANUAL'] },
    { name: 'openServiceCase' },
    { name: 'notifyCustomer' },
  ],
  rows: [
    {
      when: { attemptCount: '>= 3' },
      then: { outcome: 'MANUAL', openServiceCase: true, notifyCustomer: false },
      note: 'three attempts failed',
    },
    {
      when: { delayMinutes: '<= 0' },
      then: { outcome: 'SYNC_ETA', openServiceCase: false, notifyCustomer: false },
      note: 'the promise still holds',
    },
    {
      when: { slaTier: '"STRATEGIC"', delayMinutes: '> 240' },
      then: { outcome: 'EXPEDITE', openServiceCase: true, notifyCustomer: true },
      note: 'strategic customer, over four hours',
    },
    {
      when: { slaTier: '"PRIORITY"', delayMinutes: '> 1440' },
      then: { outcome: 'EXPEDITE', openServiceCase: true, notifyCustomer: true },
      note: 'priority customer, over a day',
    },
    {
      when: { customerPriority: '<= 2', delayMinutes: '> 1440' },
      then: { outcome: 'SERVICE_CASE', openServiceCase: true, notifyCustomer: true },
      note: 'important customer, over a day',
    },
    {
      when: { delayMinutes: '> 2880' },
      then: { outcome: 'SERVICE_CASE', openServiceCase: true, notifyCustomer: true },
      note: 'over two days',
    },
    {
      when: { slaTier: '"STRATEGIC", "PRIORITY"' },
      then: { outcome: 'SERVICE_CASE', openServiceCase: true, notifyCustomer: true },
      note: 'late for a valued customer',
    },
    {
      when: {},
      then: { outcome: 'NOTIFY', openServiceCase: false, notifyCustomer: true },
      note: 'tell the customer',
    },
  ],
});
