import { differingGroups, groupFours } from '../text/address-text.ts';

interface Props {
  readonly address: string;
  /** marks the groups in which it differs from this one */
  readonly against?: string;
  readonly center?: boolean;
}

/** An address in groups of four, first and last group strong; read as one text by screen readers. @source SPEC WB6 */
export const Address = ({ address, against, center = false }: Props) => {
  const groups = groupFours(address);
  const differs = against === undefined ? [] : differingGroups(address, against);
  return (
    <span className="select-all font-mono text-body">
      <span className="sr-only">{address}</span>
      <span aria-hidden className={`inline-flex flex-wrap gap-x-2 gap-y-0.5 ${center ? 'justify-center' : ''}`}>
        {groups.map((group, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other identity than their place
            key={index}
            className={
              differs[index] === true
                ? 'rounded-small bg-debt-wash px-0.5 font-bold text-debt underline'
                : index === 0 || index === groups.length - 1
                  ? 'font-bold text-ink'
                  : 'text-soft'
            }
          >
            {group}
          </span>
        ))}
      </span>
    </span>
  );
};
