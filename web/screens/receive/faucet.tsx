import { useState } from 'react';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { FaultNotice } from '../../components/notice.tsx';

/** Coins of the development network, for nothing. */
export const Faucet = ({ account }: { readonly account: number }) => {
  const text = useText().receive;
  const { chain } = useClient();
  const action = useAction();
  const [asked, setAsked] = useState(false);
  const ask = async () => {
    setAsked(false);
    setAsked((await action.run(() => chain.requestFaucet(account))) !== undefined);
  };
  return (
    <Section title={text.faucetTitle}>
      <p role="status" className="text-body text-soft">
        {asked ? text.faucetAsked : text.faucetHint}
      </p>
      <Button isPending={action.busy} onPress={ask}>
        {text.faucet}
      </Button>
      <FaultNotice fault={action.fault} />
    </Section>
  );
};
