import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Fault } from '#workers/rpc/fault';
import { useFaultText } from './fault-text.tsx';

const KINDS = {
  info: { icon: Info, box: 'border-line bg-sheet', hue: 'text-accent' },
  warning: { icon: TriangleAlert, box: 'border-debt bg-debt-wash', hue: 'text-debt' },
  alarm: { icon: CircleAlert, box: 'border-alarm bg-alarm-wash', hue: 'text-alarm' },
} as const;

interface Props {
  readonly kind?: keyof typeof KINDS;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly live?: boolean;
}

/** Something to know before going on: an icon, a sentence, perhaps one remedy. */
export const Notice = ({ kind = 'info', title, children, action, live = false }: Props) => {
  const { icon: Icon, box, hue } = KINDS[kind];
  return (
    <div
      {...(live ? { role: kind === 'alarm' ? 'alert' : 'status' } : {})}
      className={`enter flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card border p-3.5 ${box}`}
    >
      <div className="flex min-w-0 flex-1 basis-60 gap-3">
        <Icon size={18} className={`mt-0.5 shrink-0 ${hue}`} aria-hidden />
        <div className="min-w-0 text-body">
          {title !== undefined && <p className="font-bold">{title}</p>}
          {children}
        </div>
      </div>
      {action}
    </div>
  );
};

/** What went wrong and what to do, or nothing. */
export const FaultNotice = ({ fault, className = '' }: { readonly fault: Fault | undefined; readonly className?: string }) => {
  const sentence = useFaultText();
  return (
    <div role="alert" className={`empty:hidden ${className}`}>
      {fault !== undefined && <Notice kind="alarm">{sentence(fault)}</Notice>}
    </div>
  );
};
