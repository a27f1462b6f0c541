import { Component, type ReactNode } from 'react';
import { failureCode } from '../client/session.ts';
import { useText } from '../client/text.ts';
import { Button } from '../components/button.tsx';
import { useFaultText } from '../components/fault-text.tsx';
import { outsideCode } from '../text/outside-text.ts';

/** A part that stopped says so, with a code to report and one way on. */
export const Broken = ({ code, started = true }: { readonly code: string; readonly started?: boolean }) => {
  const text = useText().app;
  const sentence = useFaultText();
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-xl content-center justify-items-start gap-4 px-6">
      <h1 className="text-title font-bold">{text.name}</h1>
      <p role="alert">{started ? text.broken : text.notStarted}</p>
      {!started && <p className="text-soft">{sentence(code)}</p>}
      <p className="font-mono text-small text-soft">{text.brokenDetail(outsideCode(code.toLowerCase()))}</p>
      <Button kind="primary" onPress={() => location.reload()}>
        {text.reload}
      </Button>
    </main>
  );
};

/** Catches what a screen throws: a bug of ours, shown and not hidden. */
export class Guard extends Component<{ readonly children: ReactNode }, { readonly code: string | undefined }> {
  override state: { readonly code: string | undefined } = { code: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { code: failureCode(error) };
  }

  override render() {
    return this.state.code === undefined ? this.props.children : <Broken code={this.state.code} />;
  }
}
