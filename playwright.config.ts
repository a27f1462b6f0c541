import { defineConfig } from '@playwright/test';
import { findChromium } from './setup/chromium.mjs';

const asRootInCi = process.env.CI !== undefined && process.getuid?.() === 0;
const executablePath = findChromium();

export default defineConfig({
  testDir: 'e2e/journeys',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    ...(executablePath !== undefined && { launchOptions: launchOptions(executablePath) }),
    trace: 'retain-on-failure',
    serviceWorkers: 'allow',
    locale: 'en-GB',
  },
});

function launchOptions(path: string) {
  return {
    executablePath: path,
    args: [
      ...(asRootInCi || process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}
