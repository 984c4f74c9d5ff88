/** Says what an action leads to and asks for the reason that the audit keeps. */
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useWords } from '../i18n/use-words';

interface ReasonDialogProps {
  title: string;
  consequence: string;
  submit: string;
  danger?: boolean;
  busy: boolean;
  /** More to fill in. */
  children?: ReactNode;
  /** False while what is to be filled in is not. */
  ready?: boolean;
  error?: string | undefined;
  onSubmit(reason: string): void;
  onClose(): void;
}

export function ReasonDialog(props: ReasonDialogProps) {
  const {
    title,
    consequence,
    submit,
    danger = false,
    busy,
    children,
    ready = true,
    error,
    onSubmit,
    onClose,
  } = props;
  const { t } = useWords();
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(reason.trim());
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{consequence}</Text>
          {children}
          <Textarea
            label={t('common.reason')}
            description={t('common.reasonHint')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            maxLength={1000}
            autosize
            minRows={2}
            data-autofocus
          />
          {error !== undefined && (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              color={danger ? 'red.8' : 'sea'}
              loading={busy}
              disabled={reason.trim() === '' || !ready}
            >
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
