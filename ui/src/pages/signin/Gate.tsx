import { LiveProvider } from "../../app/live";
import { MeContext, useSession } from "../../app/session";
import { Shell } from "../../layout/Shell";
import { Loading, Problem } from "../../parts/States";
import { SetPassword } from "./SetPassword";
import { SignIn } from "./SignIn";
import { Threshold } from "./Threshold";

/** Nobody passes without a sign-in, nor with a one-time password that still has to be changed. */
export default function Gate() {
  const session = useSession();
  if (session.data === undefined) {
    return (
      <Threshold>
        {session.error ? <Problem error={session.error} retry={() => void session.refetch()} /> : <Loading lines={4} />}
      </Threshold>
    );
  }
  if (session.data === null) return <SignIn />;
  if (session.data.must_change_password) return <SetPassword forced />;
  return (
    <MeContext value={session.data}>
      <LiveProvider>
        <Shell />
      </LiveProvider>
    </MeContext>
  );
}
