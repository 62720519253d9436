import { useWords } from "../../i18n/language";
import { Chip, type Tone } from "../../parts/Marks";

const TONES: Readonly<Record<string, Tone>> = { met: "good", used: "medium", below: "high", nothing: "plain" };

/** What an inspection says of an enterprise, by colour and word. */
export function Verdict({ verdict }: { verdict: string }) {
  const { named } = useWords();
  return <Chip tone={TONES[verdict] ?? "plain"}>{named("verdict", verdict)}</Chip>;
}
