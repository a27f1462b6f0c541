import { useLocation } from 'wouter';
import type { AlarmView, ChainView } from '#workers/rpc/chain-view';
import { useLanguage, useText } from '../client/text.ts';
import { useAction } from '../client/use-action.ts';
import { useChain, useClient } from '../client/use-client.ts';
import { useNow } from '../client/use-now.ts';
import { useOnline } from '../client/use-online.ts';
import { Button } from '../components/button.tsx';
import { useFaultText } from '../components/fault-text.tsx';
import { Notice } from '../components/notice.tsx';
import { Progress } from '../components/progress.tsx';
import { shorten } from '../text/address-text.ts';
import { outsideText } from '../text/outside-text.ts';
import { agoText, numberText } from '../text/time-text.ts';
import { ROUTES } from './routes.ts';
import { UpdatePrompt } from './update-prompt.tsx';

const SEVERE: readonly AlarmView['code'][] = ['undecided', 'storage-full', 'quiet-network'];
const SHOWN = 3;
/** places where nothing is being filled in: an update is announced there only */
const CALM: readonly string[] = [ROUTES.wallet, ROUTES.more, ROUTES.settings];

const Alarm = ({ alarm, now }: { readonly alarm: AlarmView; readonly now: number }) => {
  const text = useText().alarms;
  const language = useLanguage();
  const sentence = useFaultText();
  const peer = alarm.peer === undefined ? '?' : shorten(outsideText(alarm.peer), 8);
  const place = alarm.height === undefined ? '' : ` ${text.height(numberText(alarm.height, language))}`;
  return (
    <li>
      <p>{text[alarm.code](peer)}</p>
      <p className="text-small text-soft">
        {alarm.reason !== undefined && `${sentence(alarm.reason)} · `}
        {agoText(alarm.time, now, language)}
        {place}
      </p>
    </li>
  );
};

const Alarms = ({ chain }: { readonly chain: ChainView }) => {
  const text = useText().alarms;
  const client = useClient();
  const action = useAction();
  const now = useNow(15);
  if (chain.alarms.length === 0) return null;
  const severe = chain.alarms.some(({ code }) => SEVERE.includes(code));
  return (
    <Notice
      live
      kind={severe ? 'alarm' : 'warning'}
      title={text.title}
      action={
        <Button isPending={action.busy} onPress={() => action.run(client.chain.dismissAlarms)}>
          {text.dismiss}
        </Button>
      }
    >
      <ul className="grid gap-2 pt-1">
        {chain.alarms.slice(-SHOWN).map((alarm) => (
          <Alarm key={`${alarm.code}-${alarm.time}-${alarm.peer ?? ''}`} alarm={alarm} now={now} />
        ))}
      </ul>
    </Notice>
  );
};

type UnderWay = Exclude<ChainView['stage'], 'following' | 'offline' | 'undecided'>;

const isUnderWay = (stage: ChainView['stage']): stage is UnderWay => stage !== 'following' && stage !== 'offline' && stage !== 'undecided';

const Offline = ({ chain }: { readonly chain: ChainView }) => {
  const text = useText().sync;
  const language = useLanguage();
  const now = useNow(10);
  const checked = chain.tip?.proof.checkedAt ?? chain.tip?.time;
  return <Notice live>{checked === undefined ? text.offlineNever : text.offlineNote(agoText(checked, now, language))}</Notice>;
};

/** What the person must know before any figure: alarms, being offline, a sync under way, a new version. */
export const Signals = () => {
  const chain = useChain();
  const text = useText().sync;
  const online = useOnline();
  const [location] = useLocation();
  if (chain === undefined) return null;
  const { stage, progress } = chain;
  return (
    <div className="mx-auto mb-4 grid max-w-xl grid-cols-1 gap-3 empty:hidden lg:mx-0 lg:max-w-5xl">
      {CALM.includes(location) && <UpdatePrompt />}
      <Alarms chain={chain} />
      {(stage === 'offline' || !online) && <Offline chain={chain} />}
      {stage === 'undecided' && (
        <Notice live kind="alarm">
          {text.undecidedNote}
        </Notice>
      )}
      {isUnderWay(stage) && online && (
        <div key={stage} className="late">
          <Progress label={text[stage]} value={progress} />
        </div>
      )}
      {chain.follower && <p className="text-small text-soft">{text.follower}</p>}
    </div>
  );
};
