/** `g` and then a letter leads to a screen. */
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { places } from './places';

const withinMs = 1_500;

export function useGoKeys(): void {
  const navigate = useNavigate();
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  useHotkeys([
    [
      'g',
      () => {
        pressedAt.current = performance.now();
      },
    ],
    ...places.map(({ key, path }): [string, () => void] => [
      key,
      () => {
        if (performance.now() - pressedAt.current > withinMs) return;
        pressedAt.current = Number.NEGATIVE_INFINITY;
        void navigate(path);
      },
    ]),
  ]);
}
