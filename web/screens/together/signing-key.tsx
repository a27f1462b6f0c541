import type { SigningKeyView } from '#workers/rpc/draft-view';
import { isFault } from '#workers/rpc/fault';
import { useText } from '../../client/text.ts';
import { useAccount, useClient } from '../../client/use-client.ts';
import { useLoaded } from '../../client/use-loaded.ts';
import { Address } from '../../components/address.tsx';
import { Card, Section } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';

/** What others need of a person to name him as a signer. */
export const SigningKey = () => {
  const text = useText().together;
  const { vault } = useClient();
  const account = useAccount()?.account ?? 0;
  const answer = useLoaded(() => vault.signingKey(account), [vault, account]);
  if (answer === undefined || isFault(answer)) return null;
  const { publicKey, address } = answer as SigningKeyView;
  return (
    <Section title={text.keyTitle} lead={text.keyLead}>
      <Card className="grid gap-3 py-4">
        <dl className="grid gap-3">
          <div className="grid gap-1">
            <dt className="text-small text-soft">{text.publicKey}</dt>
            <dd className="font-mono text-small break-all select-all">{publicKey}</dd>
          </div>
          <div className="grid gap-1">
            <dt className="text-small text-soft">{text.keyAddress}</dt>
            <dd>
              <Address address={address} />
            </dd>
          </div>
        </dl>
        <CopyButton text={publicKey} />
      </Card>
    </Section>
  );
};
