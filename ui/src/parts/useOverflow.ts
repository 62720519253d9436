import { useEffect, useRef, useState } from "react";

/** Whether what stands in an element is wider than the element: then a keyboard must be able to scroll it. */
export function useOverflow<E extends HTMLElement>() {
  const place = useRef<E>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth));
    watch.observe(element);
    for (const child of element.children) watch.observe(child);
    return () => watch.disconnect();
  }, []);
  return { place, overflows };
}
