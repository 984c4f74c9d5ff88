// The console's build. `base` is relative, so that the files work below any path prefix.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  base: './',
  publicDir: join(here, 'public'),
  cacheDir: join(here, '..', '.tmp', 'vite'),
  plugins: [react()],
  build: {
    outDir: join(here, '..', 'dist', 'console'),
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and images stay files: the content security policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: { '/api': process.env.REROUTE_URL ?? 'http://127.0.0.1:1880' },
  },
});
