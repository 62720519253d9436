import { App as AntApp, ConfigProvider, theme as antTheme, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { createContext, use, useLayoutEffect, type ReactNode } from "react";

import { useWords } from "../i18n/language";
import { cssVariables, DARK, LIGHT, type Palette } from "./palette";
import { useMediaQuery } from "./mediaQuery";

const SANS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace';

const PaletteContext = createContext<Palette>(LIGHT);

export function usePalette(): Palette {
  return use(PaletteContext);
}

/** Light or dark by the system's preference; feeds one palette to our CSS, to AntD and to the charts. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useWords();
  const dark = useMediaQuery("(prefers-color-scheme: dark)");
  const still = useMediaQuery("(prefers-reduced-motion: reduce)");
  const palette = dark ? DARK : LIGHT;
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset["theme"] = dark ? "dark" : "light";
    for (const [name, value] of cssVariables(palette)) root.style.setProperty(name, value);
    root.style.setProperty("--sans", SANS);
    root.style.setProperty("--mono", MONO);
  }, [dark, palette]);
  return (
    <PaletteContext value={palette}>
      <ConfigProvider
        locale={language === "zh-CN" ? zhCN : enUS}
        theme={antThemeOf(palette, dark, still)}
        button={{ autoInsertSpace: false }}
      >
        <AntApp component={false}>{children}</AntApp>
      </ConfigProvider>
    </PaletteContext>
  );
}

function antThemeOf(palette: Palette, dark: boolean, still: boolean): ThemeConfig {
  return {
    algorithm: dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: palette.primary,
      colorInfo: palette.primary,
      colorLink: palette.primary,
      colorLinkHover: palette.primary,
      colorError: palette.high,
      colorWarning: palette.medium,
      colorSuccess: palette.good,
      colorBgBase: palette.surface,
      colorBgLayout: palette.ground,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.surface,
      colorText: palette.ink,
      colorTextSecondary: palette.inkSoft,
      colorTextTertiary: palette.inkFaint,
      colorTextPlaceholder: palette.inkFaint,
      colorTextDescription: palette.inkFaint,
      colorBorder: palette.edge,
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      colorTextLightSolid: palette.onPrimary,
      controlOutline: palette.primaryWash,
      controlItemBgActive: palette.primaryWash,
      borderRadius: 4,
      fontFamily: SANS,
      fontFamilyCode: MONO,
      fontSize: 13,
      controlHeight: 30,
      motion: !still,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Segmented: {
        trackBg: palette.line,
        itemColor: palette.inkSoft,
        itemHoverColor: palette.ink,
        itemSelectedBg: palette.surface,
        itemSelectedColor: palette.primary,
      },
      Tooltip: { colorBgSpotlight: palette.ink, colorTextLightSolid: palette.surface },
    },
  };
}
