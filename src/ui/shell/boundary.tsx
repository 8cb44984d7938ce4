import { Component, type ReactNode } from 'react';
import { useTexts, useVitrine } from '../context.ts';
import { Button } from '../controls/button.tsx';
import { Message } from '../controls/message.tsx';
import shell from './shell.module.css';

/** What breaks inside is told in its place; the rest of the page, and everything that the visitor has, goes on. */
export function Boundary({ children }: { readonly children: ReactNode }) {
  return (
    <Catch fallback={(error, again) => <Broken message={error.message} onAgain={again} />}>{children}</Catch>
  );
}

function Broken({ message, onAgain }: { readonly message: string; readonly onAgain: () => void }) {
  const texts = useTexts();
  const { clearResults } = useVitrine();
  return (
    <div className={shell.broken}>
      <Message
        tone="error"
        action={
          <div className={shell.row}>
            <Button onClick={onAgain}>{texts.error.brokenAgain}</Button>
            <Button
              look="quiet"
              onClick={() => {
                clearResults();
                onAgain();
              }}
            >
              {texts.error.brokenWithout}
            </Button>
          </div>
        }
      >
        {texts.error.broken({ message })}
      </Message>
    </div>
  );
}

interface Caught {
  readonly error: Error | undefined;
}

/** React has no other form of this than a class. */
class Catch extends Component<
  {
    readonly children: ReactNode;
    readonly fallback: (error: Error, again: () => void) => ReactNode;
  },
  Caught
> {
  override state: Caught = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): Caught {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return this.props.fallback(error, () => this.setState({ error: undefined }));
  }
}
