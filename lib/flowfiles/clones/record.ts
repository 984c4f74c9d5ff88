/** `<template>.clone.json` beside a region's flow: what it was cloned from, with what, by whom. */
import { z } from 'zod';
import { globalRegion } from '../templates/region';
import { semver, slug } from '../templates/template';

export const cloneRecord = z.strictObject({
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

/** True for files beside the flows that are no flows: records of clones and regions. */
export const isBesideFlows = (path: string): boolean =>
  path.endsWith(recordEnding) || path.split('/').at(-1) === regionFileName;
