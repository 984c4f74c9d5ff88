import { Link } from 'react-router';
import { useWords } from '../i18n/use-words';
import { Screen } from '../parts/screen';

export function NotFound() {
  const { t } = useWords();
  return (
    <Screen title={t('notFound.title')}>
      <p>{t('notFound.text')}</p>
      <Link className="link" to="/">
        {t('nav.overview')}
      </Link>
    </Screen>
  );
}
