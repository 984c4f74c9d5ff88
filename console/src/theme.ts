/** Colours and shapes. Severities have colours of their own, which pass WCAG AA on both grounds; see `styles.css`. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = [
  '#e9f8fa',
  '#d5eef2',
  '#aadde5',
  '#7ccad7',
  '#55b9ca',
  '#3daec2',
  '#2499ae',
  '#0b7f94',
  '#0b7285',
  '#075f70',
];

/** Grounds and lines of the dark scheme, bluish like the rest. */
const dark: MantineColorsTuple = [
  '#e6ebf0',
  '#c6d0d9',
  '#a5b2be',
  '#7d8b99',
  '#3a4653',
  '#2b343e',
  '#1d252d',
  '#171d24',
  '#12171d',
  '#0f141a',
];

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: { light: 8, dark: 7 },
  colors: { sea, dark },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", "SF Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.05rem' }, h3: { fontSize: '0.95rem' } },
  },
  autoContrast: true,
  respectReducedMotion: true,
});
