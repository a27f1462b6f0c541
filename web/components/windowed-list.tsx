import { type ReactNode, useEffect, useRef, useState } from 'react';

interface Props<T> {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly pageSize: number;
  /** changes when pages already loaded are out of date */
  readonly version: string;
  readonly load: (from: number, count: number) => Promise<readonly T[]>;
  readonly row: (item: T | undefined) => ReactNode;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

const OVERSCAN = 8;

const useVisible = (count: number, rowHeight: number) => {
  const box = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState<Range>({ first: 0, last: 30 });
  useEffect(() => {
    const measure = () => {
      const top = -(box.current?.getBoundingClientRect().top ?? 0);
      const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
      const last = Math.min(count, Math.ceil((top + window.innerHeight) / rowHeight) + OVERSCAN);
      setRange((old) => (old.first === first && old.last === last ? old : { first, last: Math.max(first, last) }));
    };
    measure();
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, [count, rowHeight]);
  return { box, range };
};

const pagesOf = ({ first, last }: Range, size: number): number[] => {
  const from = Math.floor(first / size);
  const to = Math.floor(Math.max(first, last - 1) / size);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
};

const usePages = <T,>(range: Range, { load, pageSize, version, count }: Pick<Props<T>, 'load' | 'pageSize' | 'version' | 'count'>) => {
  const [pages, setPages] = useState<ReadonlyMap<number, readonly T[]>>(new Map());
  const asked = useRef({ version: '', pages: new Set<number>() });
  useEffect(() => {
    if (asked.current.version !== version) asked.current = { version, pages: new Set() };
    const { pages: done } = asked.current;
    for (const page of pagesOf(range, pageSize)) {
      if (done.has(page) || page * pageSize >= count) continue;
      done.add(page);
      load(page * pageSize, pageSize).then(
        (items) => setPages((old) => new Map(old).set(page, items)),
        () => done.delete(page),
      );
    }
  }, [range, load, pageSize, version, count]);
  return pages;
};

/** A list of any length: only what is near the window is drawn and asked for. @source SPEC WB19 */
export const WindowedList = <T,>(props: Props<T>) => {
  const { label, count, rowHeight, pageSize, row } = props;
  const { box, range } = useVisible(count, rowHeight);
  const pages = usePages(range, props);
  const shown = Array.from({ length: Math.max(0, Math.min(range.last, count) - range.first) }, (_, index) => range.first + index);
  return (
    // biome-ignore lint/a11y/noRedundantRoles: Safari forgets that an unmarked list is one
    <ul ref={box} role="list" aria-label={label} className="relative" style={{ height: count * rowHeight }}>
      {shown.map((index) => (
        <li
          key={index}
          aria-setsize={count}
          aria-posinset={index + 1}
          className="absolute inset-x-0 border-b border-line"
          style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
        >
          {row(pages.get(Math.floor(index / pageSize))?.[index % pageSize])}
        </li>
      ))}
    </ul>
  );
};
