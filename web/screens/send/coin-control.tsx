import { useState } from 'react';
import { setDraft, useSending } from '../../client/draft.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { Tick } from '../../components/tick.tsx';
import { shorten } from '../../text/address-text.ts';
import { amountText } from '../../text/amount-text.ts';
import { outsideText } from '../../text/outside-text.ts';

/** Which coins are spent: chosen for the person unless he ticks some. */
export const CoinControl = ({ account }: { readonly account: number }) => {
  const text = useText();
  const language = useLanguage();
  const { chain } = useClient();
  const chosen = useSending(({ draft }) => draft.coins);
  const [open, setOpen] = useState(false);
  const coins = useLoaded(() => (open || chosen.length > 0 ? chain.coins(account) : Promise.resolve([])), [chain, account, open]) ?? [];
  const sum = coins.filter(({ outpoint }) => chosen.includes(outpoint)).reduce((total, { amount }) => total + amount, 0n);
  const toggle = (outpoint: string, on: boolean) =>
    setDraft({ coins: on ? [...chosen, outpoint] : chosen.filter((one) => one !== outpoint) });
  return (
    <div className="flex items-center justify-between gap-3">
      <p className="min-w-0 text-body">
        <span className="block text-small font-bold">{text.send.coins}</span>
        {chosen.length === 0 ? text.send.coinsAuto : text.send.coinsChosen(chosen.length, amountText(sum, language))}
      </p>
      <Button kind="plain" className="-mr-3 shrink-0" onPress={() => setOpen(true)}>
        {text.send.chooseCoins}
      </Button>
      <Sheet title={text.send.chooseCoins} isOpen={open} onClose={() => setOpen(false)}>
        <p className="text-small text-soft">{text.send.coinsLead}</p>
        {coins.length === 0 && <p>{text.coins.empty}</p>}
        <ul className="max-h-[50dvh] divide-y divide-line overflow-auto">
          {coins.map((coin) => (
            <li key={coin.outpoint}>
              <Tick isSelected={chosen.includes(coin.outpoint)} isDisabled={!coin.spendable} onChange={(on) => toggle(coin.outpoint, on)}>
                <span className="flex items-center justify-between gap-3 py-2">
                  <span className="min-w-0">
                    <span className="block truncate">{coin.label === undefined ? shorten(coin.address) : outsideText(coin.label)}</span>
                    <span className="block font-mono text-small text-soft">{shorten(coin.outpoint, 6)}</span>
                  </span>
                  <Amount units={coin.amount} size="row" />
                </span>
              </Tick>
            </li>
          ))}
        </ul>
        <div className="grid grid-cols-2 gap-3">
          <Button onPress={() => setDraft({ coins: [] })}>{text.send.clearCoins}</Button>
          <Button kind="primary" onPress={() => setOpen(false)}>
            {text.app.done}
          </Button>
        </div>
      </Sheet>
    </div>
  );
};
