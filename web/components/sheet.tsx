import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useText } from '../client/text.ts';
import { Button } from './button.tsx';

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog: from below on a phone, in the middle on a desk. */
export const Sheet = ({ title, isOpen, onClose, children }: Props) => {
  const text = useText().app;
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable
      className="fixed inset-0 z-40 flex items-end justify-center bg-veil md:items-center md:p-6"
    >
      <Modal className="enter-sheet max-h-[92dvh] w-full max-w-lg overflow-auto rounded-t-card border border-line bg-sheet shadow-high md:rounded-card">
        <Dialog className="grid gap-4 p-5 outline-none">
          <div className="flex items-center justify-between gap-3">
            <Heading slot="title" className="text-lead font-bold">
              {title}
            </Heading>
            <Button kind="icon" aria-label={text.close} onPress={onClose}>
              <X size={20} aria-hidden />
            </Button>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
