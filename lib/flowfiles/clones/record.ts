/** `<template>.clone.json` beside a region's flow: what it was cloned from, with what, by whom. */
import { z } from 'zod';
import type { FlowNode } from '../format';
import { globalRegion } from '../templates/region';
import { semver, slug } from '../templates/template';
import { contentHash } from '../units';

const cloneFacts = z.strictObject({
  template: slug,
  version: semver.describe('Of the template: the base of the next upgrade'),
  region: slug,
  cases: z.array(z.string()).describe('Regions of cases at the time'),
  parameters: z.record(z.string(), z.json()),
  partners: z.record(z.string(), z.string()).describe('Role -> partner node'),
  nodes: z.record(z.string(), z.string()).describe("Template's node id -> region's"),
  author: z.string().min(1),
  at: z.iso.datetime({ offset: true }),
});

/** Upgrades that can be rolled back with their record. */
const keptFormer = 5;

export const cloneRecord = cloneFacts.extend({
  former: z
    .array(cloneFacts.extend({ flow: z.string().describe('Hash of the flow that the upgrade replaced') }))
    .max(keptFormer)
    .default([])
    .describe('Before the last upgrades, newest first'),
});
export type CloneRecord = z.infer<typeof cloneRecord>;

export const recordEnding = '.clone.json';
export const regionFileName = 'region.json';

/** Below the flows folder, with forward slashes. */
export const regionFolder = (region: string): string =>
  region === globalRegion ? globalRegion : `regions/${region}`;
export const clonePath = (template: string, region: string): string =>
  `${regionFolder(region)}/${template}.json`;
export const recordPath = (template: string, region: string): string =>
  `${regionFolder(region)}/${template}${recordEnding}`;

/** The records before an upgrade that replaces this flow. */
export function formerOf(
  { former, ...record }: CloneRecord,
  flow: readonly FlowNode[],
): CloneRecord['former'] {
  return [{ ...record, flow: contentHash([...flow]) }, ...former].slice(0, keptFormer);
}

/** The record that a flow belongs to: after a rollback of an upgrade, the one from before it. */
export function recordFor(record: CloneRecord, flow: readonly FlowNode[]): CloneRecord {
  const hash = contentHash([...flow]);
  const at = record.former.findIndex((one) => one.flow === hash);
  const found = record.former[at];
  if (!found) return record;
  const { flow: _flow, ...facts } = found;
  return { ...facts, former: record.former.slice(at + 1) };
}
