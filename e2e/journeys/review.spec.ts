import type { Page } from '@playwright/test';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { invariant } from '../../protocol/invariant.ts';
import { DEV_PARAMETERS } from '../../protocol/params/networks.ts';
import { encodeAddress } from '../../protocol/script/address.ts';
import { buildPayToKey } from '../../protocol/script/forms/pay-to-key.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, prepare, takeFromFaucet } from './person.ts';

type Asked = { readonly path?: readonly string[]; readonly argumentList?: readonly { value?: unknown }[] };

/** In the page: something that stands between the screens and the vault worker when bytes are sent to be reviewed. */
const betweenPageAndVault = (page: Page, act: 'changeDraft' | 'changeBytes', values: readonly [string, string]): Promise<unknown> =>
  page.addInitScript(
    ([what, from, to]) => {
      const type = (name: string, text: string): void => {
        const label = [...document.querySelectorAll('label')].find(({ textContent }) => textContent === name);
        const field = document.getElementById(label?.htmlFor ?? '');
        const owner = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
        Object.getOwnPropertyDescriptor(owner.prototype, 'value')?.set?.call(field, text);
        field?.dispatchEvent(new Event('input', { bubbles: true }));
      };
      const replace = (bytes: Uint8Array): Uint8Array => {
        const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        const changed = text.replace(from, to);
        Object.assign(globalThis, { tampered: changed !== text });
        return Uint8Array.from(changed.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      };
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (this: Worker, message: Asked, options?: unknown) {
        const given = message.path?.join() === 'review' ? message.argumentList?.[0] : undefined;
        if (given !== undefined && what === 'changeBytes') given.value = replace(given.value as Uint8Array);
        (post as (message: unknown, options: unknown) => void).call(this, message, options);
        if (given === undefined || what !== 'changeDraft') return;
        type('To', from);
        type('Amount (VC)', to);
        Object.assign(globalThis, { tampered: localStorage.getItem('vc.draft')?.includes(from) });
      };
    },
    [act, ...values] as const,
  );

const wasTampered = (page: Page): Promise<boolean> => page.evaluate(() => (globalThis as { tampered?: boolean }).tampered === true);

const scriptOf = (owner: number): Uint8Array => buildPayToKey(new Uint8Array(33).fill(owner));

const addressOf = (owner: number): string => {
  const address = encodeAddress(scriptOf(owner), DEV_PARAMETERS.addressPrefix);
  invariant(address !== undefined, 'a payment to a key has an address');
  return address;
};

test('VT6 a draft changed in the page after its bytes were sent to the vault: the review shows the bytes, and they are what is paid', async ({
  arrive,
}) => {
  const payee = await arrive();
  await createWallet(payee.page);
  const [to, other] = [await myAddress(payee.page), addressOf(9)];
  const payer = await arrive((page) => betweenPageAndVault(page, 'changeDraft', [other, '7.77']));
  await createWallet(payer.page);
  await takeFromFaucet(payer.page);
  await prepare(payer.page, to, '2.50');
  expect(await wasTampered(payer.page)).toBe(true);
  await expect(payer.page.getByText(to, { exact: true }).first()).toBeAttached();
  await expect(payer.page.getByText(other, { exact: true })).toHaveCount(0);
  await expect(payer.page.getByRole('main')).not.toContainText('7.77');
  await payer.page.getByRole('button', { name: 'Send 2.50 VC' }).click();
  await expect(payer.page.getByRole('heading', { name: 'Sent' })).toBeVisible();
  await goTo(payee.page, '/');
  await expect(payee.page.getByRole('region', { name: 'Value you can spend' })).toContainText('2.50', { timeout: 60_000 });
});

test('VT6 bytes changed between the page and the vault: the review shows whom they would pay, not whom the draft named', async ({
  arrive,
}) => {
  const [to, other] = [addressOf(8), addressOf(9)];
  const payer = await arrive((page) => betweenPageAndVault(page, 'changeBytes', [encodeHex(scriptOf(8)), encodeHex(scriptOf(9))]));
  await createWallet(payer.page);
  await takeFromFaucet(payer.page);
  await prepare(payer.page, to, '2.50');
  expect(await wasTampered(payer.page)).toBe(true);
  await expect(payer.page.getByText(other, { exact: true }).first()).toBeAttached();
  await expect(payer.page.getByText(to, { exact: true })).toHaveCount(0);
});
