import type { AccountView } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Skeleton } from '../../components/empty.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { Arrived } from './arrived.tsx';
import { ShareButton } from './share-button.tsx';

interface Props {
  readonly account: AccountView;
  readonly uri: string | undefined;
  readonly amount: bigint | undefined;
  readonly note: string;
}

/** What the payer is shown: the code, what it asks for, and the address whole. */
export const AddressCard = ({ account, uri, amount, note }: Props) => {
  const text = useText().receive;
  const { address } = account.receive;
  return (
    <Card className="grid grid-cols-1 justify-items-center gap-5 px-5 py-6">
      {uri === undefined ? <Skeleton className="aspect-square w-full max-w-64" /> : <QrCode text={uri} label={text.qr} />}
      {(amount !== undefined || note !== '') && (
        <p className="grid justify-items-center gap-0.5 text-center">
          {amount !== undefined && <Amount units={amount} size="title" />}
          {note !== '' && <span className="text-body break-words text-soft">{note}</span>}
        </p>
      )}
      <div className="grid justify-items-center gap-1 text-center">
        <h2 className="text-small text-soft">{text.address}</h2>
        <Address address={address} center />
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <CopyButton text={address} kind="primary" />
        {uri !== undefined && <CopyButton text={uri} label={text.link} />}
        {uri !== undefined && <ShareButton text={uri} />}
      </div>
      <Arrived account={account} />
    </Card>
  );
};
