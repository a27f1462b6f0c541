import type { DraftRecord } from '#workers/rpc/draft-view';
import { useText } from '../../client/text.ts';
import { Card, Section } from '../../components/card.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import type { Messages } from '../../text/messages.ts';
import { outsideText } from '../../text/outside-text.ts';

const LONGEST = 200;

const named = (names: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(names, key) ? (names[key] as string) : outsideText(key, 32);

const valueText = (value: DraftRecord['facts'][string], text: Messages['together']): string => {
  if (typeof value === 'boolean') return value ? text.yes : text.no;
  return typeof value === 'string' ? outsideText(value, LONGEST) : value.map((each) => outsideText(each, LONGEST)).join('\n');
};

/** The record that a draft writes: what a signer agrees to. */
export const DraftRecordFacts = ({ record }: { readonly record: DraftRecord }) => {
  const text = useText().together;
  return (
    <Section title={text.record}>
      <Card>
        <Facts>
          <Fact name={text.table}>{named(text.tables, record.table)}</Fact>
          <Fact name={text.key}>
            <span className="font-mono text-small break-all">{outsideText(record.key, LONGEST)}</span>
          </Fact>
          {Object.entries(record.facts).map(([name, value]) => (
            <Fact key={name} name={named(text.facts, name)}>
              <span className="text-small break-all whitespace-pre-line">{valueText(value, text)}</span>
            </Fact>
          ))}
        </Facts>
      </Card>
    </Section>
  );
};
