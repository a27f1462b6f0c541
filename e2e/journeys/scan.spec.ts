import { rmSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, takeFromFaucet } from './person.ts';

const WIDTH = 640;
const HEIGHT = 480;
const PATIENCE = { timeout: 60_000 };

/** One picture as a video without end, in the form that Chromium's camera for tests plays. */
const asVideo = (luma: Uint8Array): Uint8Array => {
  const colour = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128);
  const frame = [Buffer.from('FRAME\n'), luma, colour];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), ...frame, ...frame]);
};

const NOTHING = new Uint8Array(WIDTH * HEIGHT).fill(200);

/** How a camera sees a picture that is held before it. */
const photograph = async (browser: Browser, picture: Buffer): Promise<Uint8Array> => {
  const page = await browser.newPage();
  const luma = await page.evaluate(
    async ([source, width, height]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const context = new OffscreenCanvas(width, height).getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.fillStyle = '#c8c8c8';
      context.fillRect(0, 0, width, height);
      const side = height * 0.8;
      context.drawImage(image, (width - side) / 2, (height - side) / 2, side, side);
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, i) => data[4 * i + 1] ?? 0);
    },
    [picture.toString('base64'), WIDTH, HEIGHT] as const,
  );
  await page.close();
  return Uint8Array.from(luma);
};

/** In the page: every camera that was opened, to be asked later whether it still runs. */
const noteCameras = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(globalThis, { cameras: tracks });
    const open = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await open.call(this, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });

const cameras = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as { cameras?: readonly MediaStreamTrack[] }).cameras?.map(({ readyState }) => readyState) ?? []);

const openScanner = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Scan QR code' }).click();
  await expect(page.getByRole('dialog', { name: 'Scan a QR code' })).toBeVisible();
};

test('a payee’s QR code is read from a picture and by the camera, which runs no longer than it is looked through', async ({
  arrive,
  browser,
  devnet,
  playwright,
  launchOptions,
}, info) => {
  const { page: payee } = await arrive();
  await createWallet(payee);
  const address = await myAddress(payee);
  await payee.getByLabel('Amount (optional)').fill('0.25');
  await expect(payee.getByRole('heading', { name: 'Your address' }).locator('xpath=preceding::p[1]')).toContainText('0.25');
  const picture = await payee.getByRole('img', { name: 'QR code of your address' }).screenshot();
  await goTo(payee, '/');

  const { page } = await arrive();
  await createWallet(page);
  await takeFromFaucet(page);
  await goTo(page, '/send');
  const choose = async (buffer: Buffer): Promise<void> => {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'QR code from an image' }).click();
    await (await choosing).setFiles({ name: 'picture.png', mimeType: 'image/png', buffer });
  };
  await choose(await page.screenshot());
  await expect(page.getByText('No QR code was found in this image.')).toBeVisible();
  await choose(picture);
  await expect(page.getByText('No QR code was found in this image.')).toHaveCount(0);
  await expect(page.getByText('Recipient', { exact: true }).locator('xpath=following-sibling::*[1]')).toContainText(address);
  await expect(page.getByLabel('Amount (VC)')).toHaveValue('0.25');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Send 0.25 VC' }).click();
  await expect(payee.getByRole('region', { name: 'Value you can spend' })).toContainText('0.25', PATIENCE);

  const file = info.outputPath('camera.y4m');
  writeFileSync(file, asVideo(NOTHING));
  const args = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
  const withCamera = await playwright.chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), ...args] });
  try {
    const context = await withCamera.newContext({ permissions: ['camera'] });
    const looking = await context.newPage();
    await noteCameras(looking);
    await looking.goto(devnet.wallet);
    await createWallet(looking);
    await goTo(looking, '/send');
    await openScanner(looking);
    await expect.poll(() => cameras(looking)).toEqual(['live']);
    await looking.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => cameras(looking)).toEqual(['ended']);

    writeFileSync(file, asVideo(await photograph(browser, picture)));
    await openScanner(looking);
    await expect(looking.getByText('Recipient', { exact: true }).locator('xpath=following-sibling::*[1]')).toContainText(address, PATIENCE);
    await expect(looking.getByRole('dialog')).toHaveCount(0);
    await expect(looking.getByLabel('Amount (VC)')).toHaveValue('0.25');
    await expect.poll(() => cameras(looking)).toEqual(['ended', 'ended']);

    await context.clearPermissions();
    await openScanner(looking);
    await expect(looking.getByText('The camera is not available. Choose an image or paste the address.')).toBeVisible();
    expect(await cameras(looking)).toEqual(['ended', 'ended']);
  } finally {
    await withCamera.close();
    rmSync(file, { force: true });
  }
});
