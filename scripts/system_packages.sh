#!/usr/bin/env bash
# Installs the Debian packages that only tests need: a PostgreSQL server, a browser, a font with Chinese glyphs,
# a Java runtime for Apache Spark, and where there is no Go one that fetches a newer one (scripts/cometbft.py).
# Without them those tests skip and say so. Does nothing where all are there.
set -euo pipefail
wanted=(postgresql chromium fonts-noto-cjk openjdk-17-jre-headless)
command -v go >/dev/null || [ -x /usr/local/go/bin/go ] || wanted+=(golang-go)
missing=()
for name in "${wanted[@]}"; do
  dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "· Debian packages for tests are there: ${wanted[*]}"
  exit 0
fi
sudo=()
[ "$(id -u)" -eq 0 ] || sudo=(sudo)
echo "· installing Debian packages for tests: ${missing[*]}"
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
