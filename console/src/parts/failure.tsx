import { Alert, Button } from '@mantine/core';
import { ApiError } from '../api/client';
import { useWords } from '../i18n/use-words';

/** What went wrong, in the words of the server where it had some, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useWords();
  const text = error instanceof ApiError ? error.message : t('common.unreachable');
  return (
    <Alert color="red" role="alert" title={t('common.failed')}>
      <p style={{ margin: 0 }}>{text}</p>
      {onRetry && (
        <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </Alert>
  );
}
