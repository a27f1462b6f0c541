import { useText } from '../../client/text.ts';
import { Address } from '../../components/address.tsx';
import { Notice } from '../../components/notice.tsx';
import { Tick } from '../../components/tick.tsx';

interface Props {
  readonly address: string;
  readonly like: string;
  readonly compared: boolean;
  readonly onCompared: (compared: boolean) => void;
}

/** An address that only looks like a known one: nothing goes on until both were compared. @source SPEC WB12 */
export const LookAlike = ({ address, like, compared, onCompared }: Props) => {
  const text = useText().send;
  return (
    <Notice kind="warning" title={text.lookTitle} live>
      <p className="pt-1">{text.lookText}</p>
      <p className="pt-3 text-small text-soft">{text.lookNew}</p>
      <Address address={address} against={like} />
      <p className="pt-2 text-small text-soft">{text.lookOld}</p>
      <Address address={like} against={address} />
      <Tick isSelected={compared} onChange={onCompared}>
        {text.lookDone}
      </Tick>
    </Notice>
  );
};
