import { clearRequest, setRequest, useRequest } from '../../client/request.ts';
import { useText } from '../../client/text.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { useFaultText } from '../../components/fault-text.tsx';
import { Field } from '../../components/field.tsx';

/** A sum and a purpose, which then stand in the code and the link. */
export const RequestForm = ({ wrong }: { readonly wrong: string | undefined }) => {
  const { receive: text, app } = useText();
  const faultText = useFaultText();
  const { amount, note } = useRequest();
  return (
    <Section
      title={text.ask}
      action={
        amount !== '' || note !== '' ? (
          <Button kind="plain" className="-my-2 -mr-3" onPress={clearRequest}>
            {app.clear}
          </Button>
        ) : undefined
      }
    >
      <div className="grid gap-3">
        <Field
          label={text.amount}
          value={amount}
          onChange={(value) => setRequest({ amount: value })}
          inputMode="decimal"
          error={wrong === undefined ? undefined : faultText(wrong)}
          autoComplete="off"
        />
        <Field label={text.note} value={note} onChange={(value) => setRequest({ note: value })} maxLength={80} autoComplete="off" />
      </div>
    </Section>
  );
};
