/** The screens, in the order of the navigation. */
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBuildingWarehouse,
  IconChartHistogram,
  IconHome,
  IconMailX,
  IconRoute,
  IconSettings,
  IconShieldCheck,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Key } from '../i18n';

export interface Place {
  path: string;
  label: Key;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** Pressed after `g`. */
  key: string;
}

export const places: readonly Place[] = [
  { path: '/', label: 'nav.overview', icon: IconHome, key: 'o' },
  { path: '/cases', label: 'nav.cases', icon: IconAlertTriangle, key: 'c' },
  { path: '/trace', label: 'nav.trace', icon: IconRoute, key: 't' },
  { path: '/dead-letters', label: 'nav.deadLetters', icon: IconMailX, key: 'd' },
  { path: '/replays', label: 'nav.replays', icon: IconArrowBackUp, key: 'r' },
  { path: '/partners', label: 'nav.partners', icon: IconBuildingWarehouse, key: 'p' },
  { path: '/analytics', label: 'nav.analytics', icon: IconChartHistogram, key: 'a' },
  { path: '/audit', label: 'nav.audit', icon: IconShieldCheck, key: 'u' },
  { path: '/admin', label: 'nav.admin', icon: IconSettings, key: 'm' },
];
