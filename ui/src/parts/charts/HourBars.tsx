import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

import { usePalette } from "../../theme/theme";

register([BarChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface HourBarsProps {
  /** One value an hour of the UTC day. */
  values: readonly number[];
  /** The reader's clock at each of these hours. */
  labels: readonly string[];
  describe: (hour: number) => string;
  write: (value: number) => string;
  name: string;
  height: number;
  marked?: number | undefined;
  onPick?: ((hour: number) => void) | undefined;
}

/** Bars by hour. Drawn by ECharts; the caller gives the same figures as text to those who can't see them. */
export default function HourBars(props: HourBarsProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  const pick = useRef(props.onPick);
  const palette = usePalette();

  useEffect(() => {
    pick.current = props.onPick;
  }, [props.onPick]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = init(element, null, { renderer: "svg" });
    chart.current = made;
    made.on("click", (event) => pick.current?.(event.dataIndex));
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const axisText = { color: palette.inkFaint, fontSize: 11, hideOverlap: true };
    chart.current?.setOption({
      animation: false,
      grid: { left: 4, right: 4, top: 10, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow", shadowStyle: { color: palette.primaryWash, opacity: 0.6 } },
        backgroundColor: palette.surface,
        borderColor: palette.line,
        textStyle: { color: palette.ink, fontSize: 12 },
        formatter: (points: { dataIndex: number }[]) => props.describe(points[0]?.dataIndex ?? 0),
      },
      xAxis: {
        type: "category",
        data: [...props.labels],
        axisLine: { lineStyle: { color: palette.edge } },
        axisTick: { show: false },
        axisLabel: axisText,
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        splitNumber: 3,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: { ...axisText, formatter: (value: number) => props.write(value) },
      },
      series: [
        {
          type: "bar",
          name: props.name,
          barCategoryGap: "28%",
          cursor: props.onPick === undefined ? "default" : "pointer",
          data: props.values.map((value, hour) => ({
            value,
            itemStyle: { color: hour === props.marked ? palette.bronze : palette.primary, borderRadius: [2, 2, 0, 0] },
          })),
        },
      ],
    });
  }, [palette, props]);

  return <div ref={place} style={{ height: props.height }} aria-hidden="true" />;
}
