import { Skeleton, Stack } from '@mantine/core';
import { useWords } from '../i18n/use-words';

export function Loading() {
  const { t } = useWords();
  return (
    <Stack role="status" aria-label={t('shell.loading')} gap="sm">
      <Skeleton h={28} w={220} />
      <Skeleton h={120} />
      <Skeleton h={240} />
    </Stack>
  );
}
